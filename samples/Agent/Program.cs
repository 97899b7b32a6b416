using Microscale.Guard.Samples.Agent;

// dotnet run --project samples/Agent -- "question" ["next question"…]: all of them in one session.
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) => (pressed.Cancel, _) = (true, stop.CancelAsync());
await AgentApp.RunAsync(args.Length > 0 ? args : AgentApp.Questions, Console.Out, stop.Token);
