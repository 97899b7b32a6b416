using CsCheck;

namespace Microscale.Guard.Tests.Verification;

public class ClausesTests
{
    [Theory]
    [InlineData("Paris is the capital of France, and Rome is the capital of Italy.", "Paris is the capital of France", "Rome is the capital of Italy.")]
    [InlineData("The tower was built in 1889; the bridge was opened in 1903.", "The tower was built in 1889", "the bridge was opened in 1903.")]
    [InlineData("The north is cold and wet, but the south is warm; the east was flooded in 1953.", "The north is cold and wet", "the south is warm", "the east was flooded in 1953.")]
    public void Split_TwoStatements_AreTwoClauses(string sentence, params string[] clauses) =>
        Assert.Equal(clauses, Clauses.Split(sentence).Select(c => sentence[c]));

    [Theory]
    [InlineData("Paris is the capital of France, and it lies on the Seine.")]
    [InlineData("Paris is the capital of France, and lies on the river Seine.")]
    [InlineData("He was born in Paris, Rome, and Berlin.")]
    [InlineData("It has towers, bridges, and gardens which were built in 1900.")]
    [InlineData("He said that Paris was the capital, and Rome was old then.")]
    [InlineData("If Paris is the capital then, and Rome is not one, it is so.")]
    [InlineData("The sign (it is big and red, and people were seen there) is old.")]
    [InlineData("The sign says \"Paris is very big, and Rome is very old\".")]
    [InlineData("Some were for it then, but others were against it.")]
    public void Split_WhatLeansOnTheRest_StaysWithIt(string sentence) => Assert.Equal(sentence, sentence[Assert.Single(Clauses.Split(sentence))]);

    [Fact]
    public void Split_AnyText_LosesOnlyConjunctions()
    {
        string[] known = ["Paris is the capital of France", "Rome was built long ago", ", and ", "; ", ", but ", "it ", "1968 ", "(", ")", "\"", "which ", "he said ", ". "];
        Gen.Int[0, known.Length - 1].Select(i => known[i]).Array[1, 12].Select(string.Concat).Sample(
            sentence =>
            {
                var end = 0;
                foreach (var clause in Clauses.Split(sentence))
                {
                    var (start, length) = clause.GetOffsetAndLength(sentence.Length);
                    Assert.Contains(sentence[end..start].Trim(), (string[])["", ", and", ";", ", but", "; and", "; but"]);
                    Assert.True(length > 0);
                    end = start + length;
                }

                Assert.Equal(sentence.Length, end);
            },
            iter: 5_000);
    }
}
