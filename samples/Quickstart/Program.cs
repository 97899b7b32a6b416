using Microscale.Guard.Samples.Quickstart;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

var app = new QuickstartApp(Consoles.Output(), Console.Error, QuickstartPipeline.CreateAsync);
return await app.RunAsync(args, stop.Token);
