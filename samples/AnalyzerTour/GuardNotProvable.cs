using Microsoft.Extensions.AI;

namespace AnalyzerTour;

internal sealed class GuardNotProvable(IChatClient client)
{
    public async Task<string> AskAsync(string question) => (await client.GetResponseAsync(question)).Text; // MSG002
}
