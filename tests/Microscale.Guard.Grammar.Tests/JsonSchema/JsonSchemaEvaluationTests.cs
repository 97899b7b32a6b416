namespace Microscale.Guard.Grammar.Tests;

public class JsonSchemaEvaluationTests
{
    [Fact]
    public void Run_Sample_CompilesAllAndJudgesAllRightly()
    {
        var result = JsonSchemaEvaluation.Run(JsonSchemaEvaluation.ReadLines(Sample), Vocabularies.SingleBytes, new JsonSchemaGrammarOptions());
        Assert.Equal((12, 11), (result.Schemas, result.Compiled));
        Assert.Empty(result.Wrong);
        Assert.True(result.ValidAccepted >= 14 && result.InvalidRejected >= 20, $"{result.ValidAccepted} and {result.InvalidRejected}");
        Assert.StartsWith("unique-strings: uniqueItems at #/properties/tags", Assert.Single(result.Errors), StringComparison.Ordinal);
        Assert.Equal(12, result.FirstMaskMilliseconds.Count);
    }

    [Fact]
    public void Run_WrongExpectation_IsReported()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, """{"id":"x","schema":{"type":"null"},"tests":[{"data":1,"valid":true},{"data":null,"valid":false}]}""");
            Assert.Equal(2, JsonSchemaEvaluation.Run(JsonSchemaEvaluation.ReadLines(path), Vocabularies.SingleBytes, new JsonSchemaGrammarOptions()).Wrong.Count);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Sample => Path.Combine(AppContext.BaseDirectory, "JsonSchema", "sample.jsonl");
}
