using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Agents;

/// <summary>Runs an agent with the guard around its chat client.</summary>
/// <remarks>Inside of the agent and outside of its tools: the session remembers what was delivered and not a withheld draft, tool
/// results are evidence, and a repair is no turn of the conversation.</remarks>
internal sealed class GuardedAgent : DelegatingAIAgent
{
    private readonly Func<IChatClient, IChatClient> _guard;

    public GuardedAgent(AIAgent innerAgent, Func<IChatClient, IChatClient> guard)
        : base(innerAgent)
    {
        _guard = guard;
        if (innerAgent.GetService<ChatClientAgent>() is null)
        {
            throw new InvalidOperationException(
                $"The agent '{innerAgent.Name ?? innerAgent.GetType().Name}' has no {nameof(ChatClientAgent)} inside, whose chat client could be guarded: guard the chat clients of the agents that it is made of.");
        }
    }

    protected override Task<AgentResponse> RunCoreAsync(
        IEnumerable<ChatMessage> messages, AgentSession? session = null, AgentRunOptions? options = null, CancellationToken cancellationToken = default) =>
        InnerAgent.RunAsync(messages, session, Guarded(options), cancellationToken);

    protected override IAsyncEnumerable<AgentResponseUpdate> RunCoreStreamingAsync(
        IEnumerable<ChatMessage> messages, AgentSession? session = null, AgentRunOptions? options = null, CancellationToken cancellationToken = default) =>
        InnerAgent.RunStreamingAsync(messages, session, Guarded(options), cancellationToken);

    private ChatClientAgentRunOptions Guarded(AgentRunOptions? options)
    {
        var guarded = options switch
        {
            ChatClientAgentRunOptions own => (ChatClientAgentRunOptions)own.Clone(),
            null => new ChatClientAgentRunOptions(),
            _ => new ChatClientAgentRunOptions
            {
                ContinuationToken = options.ContinuationToken,
                AllowBackgroundResponses = options.AllowBackgroundResponses,
                AdditionalProperties = options.AdditionalProperties,
                ResponseFormat = options.ResponseFormat,
            },
        };
        var inner = guarded.ChatClientFactory;
        guarded.ChatClientFactory = client => _guard(inner?.Invoke(client) ?? client);
        return guarded;
    }
}
