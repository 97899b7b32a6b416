using Microscale.Guard.Testing;
using Npgsql;

namespace Microscale.Guard.PostgreSql.Tests;

public sealed class PostgreSqlEvidenceSourceTests(PostgreSqlEvidenceSourceTests.Database database) : IClassFixture<PostgreSqlEvidenceSourceTests.Database>
{
    private static readonly PostgreSqlEvidenceOptions Articles = new()
    {
        Table = "library.Old articles",
        IdColumn = "nr",
        TextColumn = "body",
        SourceColumn = "title",
        AddressColumn = "url",
        SearchVectorColumn = "words",
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Find_Question_IsAnsweredByStemsOfTextAndTitle(bool storedVector)
    {
        var found = await FindAsync("When was Mount Fuji last erupting?", o => o.SearchVectorColumn = storedVector ? "words" : null);

        Assert.Equal(["1", "2"], found.Select(e => e.Id));
        var best = found[0];
        Assert.Equal(("The volcano erupted in 1707.", "Mount Fuji", new Uri("https://example.org/fuji")), (best.Text, best.Source, best.Url));

        // Of mount, fuji, last and erupt, the first passage holds three, the second mount and last.
        Assert.Equal([0.75, 0.5], found.Select(e => e.Score));
    }

    [Theory]
    [InlineData("Who won the football cup?")]
    [InlineData("the of and")]
    [InlineData("?!")]
    [InlineData(" ")]
    [InlineData("\0")]
    public async Task Find_NothingRelevant_IsEmpty(string question) => Assert.Empty(await FindAsync(question));

    [Fact]
    public async Task Find_BelowTheMinimumRelevance_IsLeftOut()
    {
        const string Question = "Which mount did Hannibal cross with elephants?";

        Assert.Empty(await FindAsync(Question));
        Assert.Equal(["1", "2"], (await FindAsync(Question, o => o.MinimumRelevance = 0)).Select(e => e.Id).Order());
    }

    [Fact]
    public async Task Find_MaxResults_AreNotExceeded() =>
        Assert.Equal("1", Assert.Single(await FindAsync("When did Mount Fuji erupt last?", maxResults: 1)).Id);

    [Theory]
    [InlineData("'; DROP TABLE library.\"Old articles\"; -- Fuji erupted")]
    [InlineData("Fuji erupted \\' | ' & !(:*)")]
    [InlineData("it's Fuji's eruption")]
    public async Task Find_QuestionLikeSql_IsOnlyText(string question)
    {
        Assert.Equal("1", (await FindAsync(question, o => o.MinimumRelevance = 0))[0].Id);
        Assert.Equal(4, await database.CountAsync());
    }

    [Fact]
    public async Task Find_OtherConfiguration_HasItsStems() =>
        Assert.Equal("3", Assert.Single(await FindAsync("Welche Häuser sind grün?", o =>
        {
            o.Configuration = "german";
            o.SearchVectorColumn = null;
        })).Id);

    [Fact]
    public async Task Find_InAGuard_GroundsTheAnswer()
    {
        database.Require();
        var model = new ScriptedChatClient("In 1707.");
        using var client = new GroundingChatClient(model, new PostgreSqlEvidenceSource(database.DataSource, Articles));

        var response = await client.GetResponseAsync(
            [new(Microsoft.Extensions.AI.ChatRole.User, "When did Mount Fuji erupt last?")], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Contains("The volcano erupted in 1707.", model.Calls[0].Messages[0].Text, StringComparison.Ordinal);
        Assert.Equal("1", response.GetGuardReport()!.Evidence[0].Id);
    }

    [Fact]
    public async Task Find_TableThatIsMissing_FailsAndTheGuardSaysSo()
    {
        database.Require();
        var source = new PostgreSqlEvidenceSource(database.DataSource, new PostgreSqlEvidenceOptions { Table = "nowhere" });
        using var client = new GroundingChatClient(new ScriptedChatClient("In 1707."), source);

        var response = await client.GetResponseAsync(
            [new(Microsoft.Extensions.AI.ChatRole.User, "When?")], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Contains("PostgresException", Assert.Single(response.GetGuardReport()!.Faults).ErrorType, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_Cancelled_Stops()
    {
        database.Require();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await new PostgreSqlEvidenceSource(database.DataSource, Articles).FindAsync(new EvidenceQuery("Fuji", 1), cancelled.Token));
    }

    [Fact]
    public void Options_OutOfRange_NameTheSetting()
    {
        void Rejects(string setting, PostgreSqlEvidenceOptions options)
        {
            using var dataSource = NpgsqlDataSource.Create("Host=nowhere");
            var exception = Assert.Throws<ArgumentException>(() => new PostgreSqlEvidenceSource(dataSource, options));
            Assert.Contains($"PostgreSqlEvidenceOptions.{setting} ", exception.Message, StringComparison.Ordinal);
        }

        Rejects("Table", new());
        Rejects("IdColumn", new() { Table = "t", IdColumn = "" });
        Rejects("TextColumn", new() { Table = "t", TextColumn = " " });
        Rejects("Configuration", new() { Table = "t", Configuration = "" });
        Rejects("MinimumRelevance", new() { Table = "t", MinimumRelevance = 1.5 });
    }

    private async Task<IReadOnlyList<Evidence>> FindAsync(string question, Action<PostgreSqlEvidenceOptions>? configure = null, int maxResults = 4)
    {
        database.Require();
        var options = new PostgreSqlEvidenceOptions
        {
            Table = Articles.Table,
            IdColumn = Articles.IdColumn,
            TextColumn = Articles.TextColumn,
            SourceColumn = Articles.SourceColumn,
            AddressColumn = Articles.AddressColumn,
            SearchVectorColumn = Articles.SearchVectorColumn,
        };
        configure?.Invoke(options);
        return await new PostgreSqlEvidenceSource(database.DataSource, options)
            .FindAsync(new EvidenceQuery(question, maxResults), TestContext.Current.CancellationToken);
    }

    /// <summary>A server with four articles in a table whose name needs quotes.</summary>
    public sealed class Database : IAsyncLifetime
    {
        private PostgreSqlServer? _server;

        public NpgsqlDataSource DataSource { get; private set; } = null!;

        /// <summary>Skips the test where there is no server.</summary>
        public void Require() => Assert.SkipWhen(PostgreSqlServer.Missing is not null, PostgreSqlServer.Missing ?? "");

        public async Task<long> CountAsync()
        {
            await using var command = DataSource.CreateCommand("SELECT count(*) FROM library.\"Old articles\"");
            return (long)(await command.ExecuteScalarAsync())!;
        }

        public async ValueTask InitializeAsync()
        {
            if (PostgreSqlServer.Missing is not null)
            {
                return;
            }

            _server = await PostgreSqlServer.StartAsync();
            DataSource = NpgsqlDataSource.Create(_server.ConnectionString);
            await using var command = DataSource.CreateCommand(
                """
                CREATE SCHEMA library;
                CREATE TABLE library."Old articles" (
                    nr int PRIMARY KEY, title text, body text, url text,
                    words tsvector GENERATED ALWAYS AS (to_tsvector('english', coalesce(title, '') || E'\n' || coalesce(body, ''))) STORED);
                CREATE INDEX ON library."Old articles" USING gin (words);
                INSERT INTO library."Old articles" VALUES
                    (1, 'Mount Fuji', 'The volcano erupted in 1707.', 'https://example.org/fuji'),
                    (2, 'Mount Elbrus', 'It is the last of the great peaks of Europe.', NULL),
                    (3, NULL, 'Das Haus ist grün.', 'no address at all'),
                    (4, 'Mount Empty', NULL, NULL);
                """);
            await command.ExecuteNonQueryAsync();
        }

        public async ValueTask DisposeAsync()
        {
            if (_server is not null)
            {
                await DataSource.DisposeAsync();
                await _server.DisposeAsync();
            }
        }
    }
}
