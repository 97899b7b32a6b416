using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>What a calibration was fitted for. Scores of anything else mean something else.</summary>
/// <param name="Scorer">The scorer's <see cref="IConfidenceScorer.Fingerprint"/>.</param>
/// <param name="Model">The model, as its responses name it (<see cref="ChatResponse.ModelId"/>); null when they do not, and the
/// model is not checked.</param>
/// <param name="Prompt">The instructions, as <see cref="FingerprintPrompt"/> gives them; null when they differ from request to
/// request, and are not checked.</param>
public sealed record CalibrationPipeline(string Scorer, string? Model, string? Prompt)
{
    /// <summary>The fingerprint of what a request instructs the model to do: system messages,
    /// <see cref="ChatOptions.Instructions"/>, and the instruction that grounding adds. Questions and evidence are not part of
    /// it.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">The options of the request.</param>
    /// <returns>32 hexadecimal digits.</returns>
    public static string FingerprintPrompt(IEnumerable<ChatMessage> messages, ChatOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(options?.Instructions);
        foreach (var message in messages)
        {
            foreach (var content in message.Contents.OfType<TextContent>())
            {
                if (message.Role == ChatRole.System || Conversation.IsInstruction(content))
                {
                    Append(content.Text);
                }
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));

        void Append(string? text)
        {
            // White space at the ends and the kind of line ends say nothing to a model.
            hash.AppendData(Encoding.UTF8.GetBytes(text?.ReplaceLineEndings("\n").Trim() ?? ""));
            hash.AppendData([0]);
        }
    }

    /// <summary>Why a scorer is not the one; null when it is.</summary>
    internal string? Mismatch(IConfidenceScorer scorer) => scorer.Fingerprint == Scorer
        ? null
        : $"The calibration was fitted for the scorer '{Scorer}', but the guard scores with '{scorer.Fingerprint}'. Calibrate anew with this scorer, or use that one.";

    /// <summary>Why the client's model, as far as it says which, is not the one; null when it may be. Servers answer with longer
    /// names than they are asked by (a date, a tag): each answer is checked again by its own.</summary>
    internal string? Mismatch(IChatClient client) =>
        client.GetService<ChatClientMetadata>()?.DefaultModelId is { Length: > 0 } id
        && Model is { } model && !model.StartsWith(id, StringComparison.OrdinalIgnoreCase)
            ? $"The calibration was fitted for the model '{model}', but the client's model is '{id}'. Calibrate anew with this model, or use that one."
            : null;

    /// <summary>Why an answer did not come out of this pipeline; null when it did.</summary>
    internal string? Mismatch(PolicyContext context)
    {
        if (context.Report.Confidence is { } score && score.Scorer != Scorer && !Scorer.StartsWith(score.Scorer + "/", StringComparison.Ordinal))
        {
            return $"The calibration was fitted for the scorer '{Scorer}', but the answer was scored by '{score.Scorer}'.";
        }

        if (Model is not null && !string.Equals(context.ModelId, Model, StringComparison.OrdinalIgnoreCase))
        {
            return $"The calibration was fitted for the model '{Model}', but the answer is of '{context.ModelId ?? "a model that does not say its name"}'.";
        }

        return Prompt is not null && FingerprintPrompt(context.Request.Messages, context.Request.Options) is var prompt && prompt != Prompt
            ? $"The calibration was fitted for instructions with the fingerprint {Prompt}, but those of the request have {prompt}."
            : null;
    }
}
