using Microscale.Guard.Samples.WebChat;

await using var app = await WebChatApp.CreateAsync(args, GuardedModel.AddAsync);
await app.RunAsync();
