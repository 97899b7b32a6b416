using Microsoft.Extensions.AI;

namespace Microscale.Guard.Grammar;

/// <summary>Adds the check of answers' form to a chain.</summary>
public static class AnswerFormChatClientBuilderExtensions
{
    /// <summary>Checks that answers have the form that their request asks for; see <see cref="AnswerFormChatClient"/>.</summary>
    /// <param name="builder">The chain. Add it after the guard, next to the model.</param>
    public static ChatClientBuilder UseAnswerForm(this ChatClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use(inner => new AnswerFormChatClient(inner));
    }
}
