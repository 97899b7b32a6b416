namespace Microscale.Guard;

/// <summary>Something that failed while an answer was guarded.</summary>
/// <param name="Stage">The part of the chain.</param>
/// <param name="Component">The name of the strategy that failed.</param>
/// <param name="ErrorType">The type of the exception, or <c>timeout</c>.</param>
/// <param name="Message">What happened, in words.</param>
public sealed record GuardFault(GuardStage Stage, string Component, string ErrorType, string Message)
{
    /// <summary>The fault that an exception is.</summary>
    internal static GuardFault From(GuardStage stage, string component, Exception exception) =>
        new(stage, component, exception.GetType().FullName ?? exception.GetType().Name, MessageOf(exception));

    private static string MessageOf(Exception exception)
    {
        try
        {
            return exception.Message ?? "";
        }
        catch (Exception)
        {
            // A message can be foreign code too.
            return "";
        }
    }
}

/// <summary>A part of the chain.</summary>
public enum GuardStage
{
    /// <summary>Finding evidence.</summary>
    Grounding,

    /// <summary>The model's own work.</summary>
    Generation,

    /// <summary>Scoring confidence.</summary>
    Confidence,

    /// <summary>Verifying claims.</summary>
    Verification,

    /// <summary>Deciding, repairing, escalating.</summary>
    Abstention,
}
