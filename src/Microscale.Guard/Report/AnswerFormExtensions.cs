using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>For clients that hold answers to a form: writes into the report how they did.</summary>
public static class AnswerFormExtensions
{
    /// <summary>Says how a response was held to its form.</summary>
    /// <param name="response">The response; its <see cref="GuardReport"/> is changed.</param>
    /// <param name="form">What is known of its form.</param>
    public static void SetAnswerForm(this ChatResponse response, AnswerForm form)
    {
        ArgumentNullException.ThrowIfNull(response);
        response.SetGuardReport((response.GetGuardReport() ?? new()) with { Form = form });
    }

    /// <summary>Says how a streamed answer was held to its form.</summary>
    /// <param name="update">An update of the answer; its <see cref="GuardReport"/> is changed. Others need not carry it.</param>
    /// <param name="form">What is known of the form.</param>
    public static void SetAnswerForm(this ChatResponseUpdate update, AnswerForm form)
    {
        ArgumentNullException.ThrowIfNull(update);
        update.SetGuardReport((update.GetGuardReport() ?? new()) with { Form = form });
    }
}
