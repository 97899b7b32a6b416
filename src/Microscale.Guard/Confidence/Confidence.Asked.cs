namespace Microscale.Guard;

public static partial class Confidence
{
    /// <summary>How probable the model finds the reply "True" when it is asked whether its answer is true or false, against "False".
    /// Costs one further call of the model with the whole conversation and a reply of one word, or none where the client offers
    /// <see cref="IContinuationScorer"/>; known only at the end of a stream.</summary>
    /// <remarks>P(True): Kadavath et al. 2022, "Language models (mostly) know what they know", arXiv 2207.05221, there with the letters A
    /// and B for the two. P(True) / (P(True) + P(False)) over the alternatives of the reply's first word. Large models know something
    /// of what they know; small ones reply by habit. Not available where the model gives no log-probabilities or replies otherwise, and
    /// where the server keeps the conversation.</remarks>
    public static IConfidenceScorer PTrue() => new PTrueScorer();

    /// <summary>How likely the model says that its answer is right, when asked for a number of percent. Costs one further call of the model
    /// with the whole conversation and a reply of one number; known only at the end of a stream. Works with every model that can
    /// follow the instruction.</summary>
    /// <remarks>Verbalised confidence: Lin, Hilton and Evans 2022, arXiv 2205.14334; Tian et al. 2023, "Just ask for calibration",
    /// arXiv 2305.14975. The number is divided by 100. Models like to say 90 or 100 whatever they know. Not available where the reply is
    /// not one number, and where the server keeps the conversation.</remarks>
    public static IConfidenceScorer Verbalized() => new VerbalizedScorer();
}
