using CsCheck;

namespace Microscale.Guard.Evaluation.Tests.Datasets;

public class DatasetReaderTests
{
    [Fact]
    public async Task ReadGroundedness_JsonLines_ReadsEachRow()
    {
        using var file = new TemporaryFile("claims.jsonl", """
            {"id": 7, "premise": "It rained.", "claim": "It was wet.", "supported": true, "more": {"x": 1}}

            {"claim": "It snowed.", "premise": "It rained.", "supported": "no"}
            """);
        Assert.Equal(
            [new("7", "It rained.", "It was wet.", true), new(null, "It rained.", "It snowed.", false)],
            await DatasetReader.ReadGroundednessAsync(file.Path).ToListAsync());
    }

    [Theory]
    [InlineData("claims.csv", ",")]
    [InlineData("claims.tsv", "\t")]
    public async Task ReadGroundedness_SeparatedValues_ReadsQuotedTexts(string name, string separator)
    {
        using var file = new TemporaryFile(name, string.Join("\r\n",
            string.Join(separator, "claim", "supported", "premise"),
            string.Join(separator, "\"He said \"\"no\"\".\"", "1", $"\"Line one{separator}\nline two\""),
            "",
            string.Join(separator, "plain", "FALSE", "text"),
            ""));
        Assert.Equal(
            [new(null, $"Line one{separator}\nline two", "He said \"no\".", true), new(null, "text", "plain", false)],
            await DatasetReader.ReadGroundednessAsync(file.Path).ToListAsync());
    }

    [Fact]
    public async Task ReadEntailment_Labels_InAnyCase()
    {
        using var file = new TemporaryFile("nli.csv", "premise,hypothesis,label\na,b,entailment\na,c,Neutral\na,d,CONTRADICTION\n");
        Assert.Equal(
            [EntailmentLabel.Entailment, EntailmentLabel.Neutral, EntailmentLabel.Contradiction],
            await DatasetReader.ReadEntailmentAsync(file.Path).Select(r => r.Label).ToListAsync());
    }

    [Fact]
    public async Task ReadQuestions_AnswersOfAllForms_AreLists()
    {
        using var json = new TemporaryFile("qa.jsonl", """
            {"question": "Which year?", "answers": ["1988", 1988], "answerable": true, "kind": "factoid"}
            {"question": "Which city?", "answers": "Oslo"}
            {"question": "Which king?", "answers": null}
            {"question": "Free?", "answers": [], "answerable": true}
            """);
        using var csv = new TemporaryFile("qa.csv", """
            question,answers,answerable,kind
            Which year?,1988|1988,yes,factoid
            Which city?,"[""Oslo""]",,
            Which king?,,,
            Free?,,true,
            """);
        foreach (var path in new[] { json.Path, csv.Path })
        {
            var rows = await DatasetReader.ReadQuestionsAsync(path).ToListAsync();
            Assert.Equal(["1988,1988", "Oslo", "", ""], rows.Select(r => string.Join(',', r.Answers)));
            Assert.Equal([true, true, false, true], rows.Select(r => r.IsAnswerable));
            Assert.Equal(["factoid", null, null, null], rows.Select(r => r.Kind));
        }
    }

    [Fact]
    public async Task ReadPassages_OtherNames_AreMapped()
    {
        using var file = new TemporaryFile("rag.jsonl", """{"input": "Who?", "passage": "p", "doc": "t", "answers": ["x"]}""");
        var options = new DatasetOptions { Fields = { ["question"] = "input", ["title"] = "doc" } };
        var row = Assert.Single(await DatasetReader.ReadPassagesAsync(file.Path, options).ToListAsync());
        Assert.Equal(("Who?", "t", "p", true), (row.Question, row.Title, row.Passage, row.IsAnswerable));
    }

    [Fact]
    public async Task ReadSchemas_FromJsonAndCsv_AreTheSame()
    {
        using var json = new TemporaryFile("s.jsonl", """{"id": "a", "schema": {"type": "null"}, "tests": [{"data": null, "valid": true}, {"data": [1], "valid": false}]}""");
        using var csv = new TemporaryFile("s.csv", """
            id,schema,tests
            a,"{""type"": ""null""}","[{""data"": null, ""valid"": true}, {""data"": [1], ""valid"": false}]"
            """);
        foreach (var path in new[] { json.Path, csv.Path })
        {
            var row = Assert.Single(await DatasetReader.ReadSchemasAsync(path).ToListAsync());
            Assert.Equal("""{"type": "null"}""", row.Schema.GetRawText());
            Assert.Equal([("null", true), ("[1]", false)], row.Tests.Select(t => (t.Data.GetRawText(), t.IsValid)));
        }
    }

    [Theory]
    [InlineData("a.jsonl", "{\"premise\": \"p\", \"claim\": \"c\", \"supported\": true}\n{\"premise\": \"p\", \"claim\": \"c\"}", 2, "'supported' is missing; the row has 'premise', 'claim'")]
    [InlineData("a.jsonl", "\n\n{\"premise\": \"p\"", 3, "not JSON")]
    [InlineData("a.jsonl", "[1]", 1, "no JSON object")]
    [InlineData("a.jsonl", "{\"premise\": 1.5, \"claim\": \" \", \"supported\": true}", 1, "'claim' is empty")]
    [InlineData("a.jsonl", "{\"premise\": [\"p\"], \"claim\": \"c\", \"supported\": true}", 1, "'premise' is a list: write a text")]
    [InlineData("a.jsonl", "{\"premise\": \"p\", \"claim\": \"c\", \"supported\": 2}", 1, "write true or false")]
    [InlineData("a.csv", "premise,claim,supported\np,c,true\n\"two\nlines\",c,true\np,c,perhaps", 5, "'supported' says 'perhaps'")]
    [InlineData("a.csv", "premise,claim,supported\n\np,c\n", 3, "has 2 fields and the first row names 3")]
    [InlineData("a.csv", "premise,claim,supported\np,c,\n", 2, "'supported' is missing")]
    [InlineData("a.csv", "premise,premise,supported\np,c,true\n", 1, "must name the fields, each once")]
    [InlineData("a.csv", "premise,claim,supported\np,\"c,true\np,c,true\n", 2, "")]
    public async Task Read_BadRow_NamesFileAndLine(string name, string text, int line, string problem)
    {
        using var file = new TemporaryFile(name, text);
        var exception = await Assert.ThrowsAsync<InvalidDataException>(async () => await DatasetReader.ReadGroundednessAsync(file.Path).ToListAsync());
        Assert.StartsWith($"{file.Path}, line {line}: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_BadRowAfterGoodOnes_GivesTheGoodOnesFirst()
    {
        using var file = new TemporaryFile("a.jsonl", "{\"question\": \"a\", \"answers\": []}\n{\"question\": \"b\", \"answers\": []}\n{\"question\": \"c\"}");
        var read = new List<string>();
        var exception = await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var row in DatasetReader.ReadQuestionsAsync(file.Path))
            {
                read.Add(row.Question);
            }
        });
        Assert.Equal(["a", "b"], read);
        Assert.Contains("line 3: the field 'answers' is missing", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"premise": "p", "hypothesis": "h", "label": "maybe"}""", "write entailment, neutral or contradiction")]
    [InlineData("""{"premise": "p", "text": "h", "label": "neutral"}""", "the field 'other' (for 'hypothesis') is missing")]
    public async Task ReadEntailment_BadRow_SaysWhatIsExpected(string text, string problem)
    {
        using var file = new TemporaryFile("a.jsonl", text);
        var options = text.Contains("text", StringComparison.Ordinal) ? new DatasetOptions { Fields = { ["hypothesis"] = "other" } } : null;
        var exception = await Assert.ThrowsAsync<InvalidDataException>(async () => await DatasetReader.ReadEntailmentAsync(file.Path, options).ToListAsync());
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"schema": 1, "tests": []}""", "'schema' is no schema")]
    [InlineData("""{"schema": {}, "tests": {}}""", "'tests' is no list")]
    [InlineData("""{"schema": {}, "tests": [{"data": 1}]}""", "'tests' holds something else")]
    public async Task ReadSchemas_BadRow_SaysWhatIsExpected(string text, string problem)
    {
        using var file = new TemporaryFile("a.jsonl", text);
        var exception = await Assert.ThrowsAsync<InvalidDataException>(async () => await DatasetReader.ReadSchemasAsync(file.Path).ToListAsync());
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_NotUtf8_SaysSo()
    {
        using var file = new TemporaryFile("a.jsonl");
        File.WriteAllBytes(file.Path, [.. "{\"question\": \"caf"u8, 0xE9, .. "\"}"u8]);
        var exception = await Assert.ThrowsAsync<InvalidDataException>(async () => await DatasetReader.ReadQuestionsAsync(file.Path).ToListAsync());
        Assert.Contains("line 1: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("UTF-8", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_WrongArguments_SayWhatToDo()
    {
        var unknown = Assert.Throws<ArgumentException>(() => DatasetReader.ReadQuestionsAsync("a.jsonl", new() { Fields = { ["premise"] = "x" } }));
        Assert.Contains("map id, question, answers, answerable, kind", unknown.Message, StringComparison.Ordinal);
        var format = Assert.Throws<ArgumentException>(() => DatasetReader.ReadQuestionsAsync("a.parquet"));
        Assert.Contains("use .jsonl, .csv or .tsv", format.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<FileNotFoundException>(async () => await DatasetReader.ReadQuestionsAsync("/nowhere.jsonl", new()).ToListAsync());
    }

    [Fact]
    public async Task Read_Cancelled_Ends()
    {
        using var file = new TemporaryFile("a.csv", "question,answers\na,b\na,b\n");
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in DatasetReader.ReadQuestionsAsync(file.Path, cancellationToken: stop.Token))
            {
                await stop.CancelAsync();
            }
        });
    }

    [Fact]
    public void Read_AnyTexts_ComeBackFromCsv() => Gen.Select(Gen.String[Gen.Char["ab,\"\n\r\t |é"], 1, 8], Gen.Bool).Where((t, _) => !string.IsNullOrWhiteSpace(t))
        .List[1, 10].Sample(rows =>
        {
            using var file = new TemporaryFile("a.csv", string.Concat(rows.Select(r => $"{Quoted(r.Item1)},{Quoted(r.Item1)},{r.Item2}\n").Prepend("premise,claim,supported\n")));
            var read = DatasetReader.ReadGroundednessAsync(file.Path).ToBlockingEnumerable().ToList();
            Assert.Equal(rows.Select(r => new GroundednessRow(null, r.Item1, r.Item1, r.Item2)), read);
        }, iter: 100);

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
