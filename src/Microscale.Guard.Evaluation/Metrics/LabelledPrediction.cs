namespace Microscale.Guard.Evaluation;

/// <summary>A class that was predicted, and the one that is true.</summary>
/// <typeparam name="T">The class: a verdict, a label, whether an answer came.</typeparam>
/// <param name="Predicted">What was predicted.</param>
/// <param name="Actual">What is true.</param>
public readonly record struct LabelledPrediction<T>(T Predicted, T Actual)
    where T : notnull;
