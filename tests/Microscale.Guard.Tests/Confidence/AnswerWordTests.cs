using CsCheck;

namespace Microscale.Guard.Tests.Scoring;

public class AnswerWordTests
{
    [Theory]
    [InlineData("It isn't 1,200.50 at 10:30.", "it isn't 1200.50 at 10:30")]
    [InlineData("The Bard's July 20th, 1969", "the bard july 20 1969")]
    [InlineData("l’été; naïve", "l'ete naive")]
    [InlineData("Tromsø, Sa\u0303o \u0301 SÃO", "tromso sao \u0301 sao")]
    [InlineData("𝒳 東京 2024", "𝒳 東京 2024")]
    [InlineData("... !", "")]
    public void Find_Text_GivesForms(string text, string forms) =>
        Assert.Equal(forms, string.Join(' ', AnswerWord.Find(text).Select(w => w.Form)));

    [Fact]
    public void Find_Sentence_KnowsKinds()
    {
        var kinds = AnswerWord.Find("Physics was not won by Carlos in 2013. Perhaps later.").Select(w => w.Kind);

        Assert.Equal(
            [
                AnswerWordKind.Content, AnswerWordKind.Function, AnswerWordKind.Content, AnswerWordKind.Content,
                AnswerWordKind.Function, AnswerWordKind.Name, AnswerWordKind.Function, AnswerWordKind.Number,
                AnswerWordKind.Content, AnswerWordKind.Content,
            ],
            kinds);
    }

    [Fact]
    public void Find_AnyText_GivesAscendingSpansThatHoldAllLettersAndDigits() => Gen.String.Sample(text =>
    {
        var words = AnswerWord.Find(text);
        var position = 0;
        var between = "";
        foreach (var word in words)
        {
            if (word.Start < position || word.Length < 1 || word.End > text.Length)
            {
                return false;
            }

            between += text[position..word.Start];
            position = word.End;
        }

        return !(between + text[position..]).Any(char.IsLetterOrDigit);
    });
}
