using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Asks for structured answers through a guard.</summary>
public static class GuardedResultExtensions
{
    /// <summary>Asks for an answer of a type; says apart whether there is one.</summary>
    /// <typeparam name="T">What is asked for.</typeparam>
    /// <param name="client">A guarded client.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="serializerOptions">How <typeparamref name="T"/> is read; null for <see cref="AIJsonUtilities.DefaultOptions"/>.
    /// Where reflection is not available it has to know <typeparamref name="T"/>.</param>
    /// <param name="options">The options of the request.</param>
    /// <param name="useJsonSchemaResponseFormat">Whether the model is given the schema natively; null for the default of
    /// Microsoft.Extensions.AI.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="InvalidOperationException">The client is not guarded.</exception>
    public static async Task<GuardedResult<T>> GetGuardedResponseAsync<T>(
        this IChatClient client,
        IEnumerable<ChatMessage> messages,
        JsonSerializerOptions? serializerOptions = null,
        ChatOptions? options = null,
        bool? useJsonSchemaResponseFormat = null,
        CancellationToken cancellationToken = default)
    {
        var response = await client.GetResponseAsync<T>(
            messages, serializerOptions ?? AIJsonUtilities.DefaultOptions, options, useJsonSchemaResponseFormat, cancellationToken);
        return response.GetGuardedResult();
    }

    /// <summary>The answer in a structured response of a guarded client, if there is one.</summary>
    /// <typeparam name="T">What was asked for.</typeparam>
    /// <param name="response">What <c>GetResponseAsync&lt;T&gt;</c> of a guarded client gave.</param>
    /// <exception cref="InvalidOperationException">No guard decided on the response.</exception>
    public static GuardedResult<T> GetGuardedResult<T>(this ChatResponse<T> response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return new(response);
    }
}
