using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Writes and reads how an answer was held to its form. Boxes of the guard take it into the <see cref="GuardReport"/>.</summary>
public static class AnswerFormExtensions
{
    /// <summary>Says how a response was held to its form.</summary>
    /// <param name="response">The response; it is changed.</param>
    /// <param name="form">What is known of its form.</param>
    public static void SetAnswerForm(this ChatResponse response, AnswerForm form)
    {
        ArgumentNullException.ThrowIfNull(response);
        (response.AdditionalProperties ??= [])[GuardPropertyNames.AnswerForm] = form;
    }

    /// <summary>Says how a streamed answer was held to its form.</summary>
    /// <param name="update">The last update of the answer; it is changed.</param>
    /// <param name="form">What is known of the form.</param>
    public static void SetAnswerForm(this ChatResponseUpdate update, AnswerForm form)
    {
        ArgumentNullException.ThrowIfNull(update);
        (update.AdditionalProperties ??= [])[GuardPropertyNames.AnswerForm] = form;
    }

    /// <summary>How a response was held to its form; null when nobody held it to one.</summary>
    /// <param name="response">A response.</param>
    public static AnswerForm? GetAnswerForm(this ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);

        // When a stream is put together, properties of updates with a message id go to the message.
        return Read(response.AdditionalProperties)
            ?? response.Messages.Reverse().Select(m => Read(m.AdditionalProperties)).FirstOrDefault(f => f is not null);
    }

    /// <summary>How a streamed answer was held to its form; null when the update does not say.</summary>
    /// <param name="update">An update of a stream.</param>
    public static AnswerForm? GetAnswerForm(this ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return Read(update.AdditionalProperties);
    }

    private static AnswerForm? Read(AdditionalPropertiesDictionary? properties) =>
        properties?.TryGetValue(GuardPropertyNames.AnswerForm, out var value) is true
            ? value switch
            {
                AnswerForm form => form,
                JsonElement { ValueKind: JsonValueKind.Object } e => e.Deserialize(GuardJsonContext.Default.AnswerForm),
                _ => null,
            }
            : null;
}
