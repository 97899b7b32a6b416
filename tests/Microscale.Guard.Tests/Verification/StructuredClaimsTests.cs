namespace Microscale.Guard.Tests.Verification;

public class StructuredClaimsTests
{
    [Fact]
    public void Split_Object_ClaimsEachValueWithItsNameAndSpan()
    {
        const string Answer = """{"name": "São Paulo", "birthYear":1902, "is_big":true, "none":null, "empty":"", "author":{"first_name":"Carlos"}, "tags":["a","b"], "note":"It was old then. It is new now."}""";
        var claims = StructuredClaims.Split(Answer, "");
        Assert.Equal(
            [
                "name: São Paulo", "birth year: 1902", "is big: true", "author first name: Carlos", "tags: a", "tags: b",
                "It was old then.", "It is new now.",
            ],
            claims.Select(c => c.Text));
        Assert.Equal(
            ["\"São Paulo\"", "1902", "true", "\"Carlos\"", "\"a\"", "\"b\"", "\"It was old then. It is new now.\"", "\"It was old then. It is new now.\""],
            claims.Select(c => Answer.Substring(c.Start, c.Length)));
    }

    [Fact]
    public void Split_Question_GoesBeforeTheValue() =>
        Assert.Equal("When was he born? year: 1902", Assert.Single(StructuredClaims.Split("""{"year":1902}""", "When was he born?")).Text);

    [Fact]
    public void Split_ValueAlone_IsAClaim() => Assert.Equal("1902", Assert.Single(StructuredClaims.Split("1902", "")).Text);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"answer":null}""")]
    public void Split_NoValue_ClaimsNothing(string answer) => Assert.Empty(StructuredClaims.Split(answer, ""));

    [Fact]
    public void Split_NoJson_IsSplitAsProse() =>
        Assert.Equal(["Paris is very big.", "Rome is very old."], StructuredClaims.Split("Paris is very big. Rome is very old.", "").Select(c => c.Text));
}
