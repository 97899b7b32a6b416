using Microscale.Guard;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace ValidCode;

public interface IAnswers
{
    [Guarded]
    IChatClient Client { get; }

    [return: Guarded]
    IChatClient Pick(string name);
}

public sealed record Request([Guarded] IChatClient Client, string Question)
{
    public async Task<string> SendAsync() => (await Client.GetResponseAsync(Question)).Text;
}

public sealed class Answers([Guarded, FromKeyedServices("local")] IChatClient client) : IAnswers
{
    [Guarded]
    public IChatClient Client => client;

    [return: Guarded]
    public IChatClient Pick(string name) => name.Length == 0 ? client : new ChatClientBuilder(client).UseLogging().Build();

    public async Task<T> AskAsync<T>(IAnswers other, string question)
    {
        await other.Client.GetResponseAsync(question);
        await other.Pick("a").GetResponseAsync(question);
        return (await client.GetResponseAsync<T>(question)).Result;
    }

    public static Task<string> SendAsync([Guarded] IChatClient given) => new Request(given, "q").SendAsync();
}
