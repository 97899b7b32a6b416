using Microscale.Guard.Samples.Quickstart;

namespace Microscale.Guard.Samples.Tests;

public class QuickstartArgumentsTests
{
    [Fact]
    public void Parse_Nothing_AsksTheBuiltInQuestionsGreedily()
    {
        var arguments = QuickstartArguments.Parse([]);

        Assert.Empty(arguments.Questions);
        Assert.Equal(0, arguments.Temperature);
        Assert.Null(arguments.Seed);
        Assert.False(arguments.Stream || arguments.Trace || arguments.Help);
    }

    [Fact]
    public void Parse_Everything_ReadsEverything()
    {
        var arguments = QuickstartArguments.Parse(
            ["--stream", "Who?", "--trace", "--seed", "-7", "--temperature", "1.25", "--ollama", "http://localhost:11434", "--model", "llama3.2", "Why?"]);

        Assert.Equal(["Who?", "Why?"], arguments.Questions);
        Assert.True(arguments.Stream);
        Assert.True(arguments.Trace);
        Assert.Equal(-7, arguments.Seed);
        Assert.Equal(1.25f, arguments.Temperature);
        Assert.Equal(new Uri("http://localhost:11434"), arguments.OllamaUrl);
        Assert.Equal("llama3.2", arguments.OllamaModel);
    }

    [Fact]
    public void Parse_SeedAlone_RaisesTheTemperature() =>
        Assert.Equal(QuickstartArguments.SeededTemperature, QuickstartArguments.Parse(["--seed", "3"]).Temperature);

    [Theory]
    [InlineData("--seed needs a value", "--seed")]
    [InlineData("--seed needs a value", "--seed", "--stream")]
    [InlineData("'many' is not a whole number", "--seed", "many")]
    [InlineData("not a number from 0 to 2", "--temperature", "2.5")]
    [InlineData("not a number from 0 to 2", "--temperature", "-1")]
    [InlineData("not a number from 0 to 2", "--temperature", "NaN")]
    [InlineData("no effect at --temperature 0", "--temperature", "0", "--seed", "1")]
    [InlineData("--ollama needs --model", "--ollama", "http://localhost:11434")]
    [InlineData("--model needs --ollama", "--model", "llama3.2")]
    [InlineData("not an address such as", "--ollama", "localhost:11434", "--model", "llama3.2")]
    [InlineData("no option '--streem'", "--streem")]
    [InlineData("no option '-s'", "-s")]
    [InlineData("given twice", "--stream", "--stream")]
    [InlineData("question is empty", " ")]
    public void Parse_WhatCannotBe_SaysWhy(string expected, params string[] args)
    {
        var exception = Assert.Throws<ArgumentsException>(() => QuickstartArguments.Parse(args));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }
}
