namespace Microscale.Guard.Tests.Text;

public class FunctionWordsTests
{
    [Theory]
    [InlineData("the", true, true)]
    [InlineData("who", true, true)]
    [InlineData("not", false, true)]
    [InlineData("no", false, true)]
    [InlineData("yes", false, false)]
    [InlineData("may", false, false)]
    [InlineData("fuji", false, false)]
    [InlineData("", false, false)]
    public void Contains_Word_LeavesNegationsToSearch(string word, bool isFunctionWord, bool isStopWord)
    {
        Assert.Equal(isFunctionWord, FunctionWords.Contains(word));
        Assert.Equal(isStopWord, FunctionWords.IsStopWord(word));
    }
}
