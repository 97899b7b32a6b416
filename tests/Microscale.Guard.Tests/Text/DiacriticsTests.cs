namespace Microscale.Guard.Tests.Text;

public class DiacriticsTests
{
    [Theory]
    [InlineData("ÀÁÂÃÄÅ Çç ÈÉÊË ñ Øø Ýÿ", "aaaaaa cc eeee n oo yy")]
    [InlineData("ŁÓDŹ Čapek Erdoğan İı Ħ ſ", "lodz capek erdogan ii h s")]
    [InlineData("e\u0301a\u0308 שָ", "ea ש")]
    [InlineData("ß Æ œ Þ × ÷", "ß æ œ þ × ÷")]
    [InlineData("ΑΘΗΝΑ МОСКВА 東京 😀 B2", "αθηνα москва 東京 😀 b2")]
    [InlineData("", "")]
    public void Fold_Text_HasNeitherCaseNorAccents(string text, string folded) => Assert.Equal(folded, Diacritics.Fold(text));
}
