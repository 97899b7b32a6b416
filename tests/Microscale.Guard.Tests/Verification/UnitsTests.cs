namespace Microscale.Guard.Tests.Verification;

public class UnitsTests
{
    [Theory]
    [InlineData("5 km", "5,000 metres")]
    [InlineData("5 km", "3.1 miles")]
    [InlineData("1.5 kg", "1500 g")]
    [InlineData("ninety minutes", "1.5 hours")]
    [InlineData("25 °C", "77 degrees Fahrenheit")]
    [InlineData("$3 million", "3 million dollars")]
    [InlineData("a five-year plan", "60 months")]
    [InlineData("12 square kilometers", "12 km²")]
    public void Extract_SameQuantity_IsSame(string left, string right) => Assert.True(Single(left).IsSame(Single(right)));

    [Theory]
    [InlineData("5 km", "5 miles")]
    [InlineData("5 km", "5 kg")]
    [InlineData("5 km", "5,001 m")]
    [InlineData("5.0 km", "3.2 miles")]
    [InlineData("$5", "5 euros")]
    public void Extract_AnotherQuantity_IsNotSame(string left, string right) => Assert.False(Single(left).IsSame(Single(right)));

    [Theory]
    [InlineData("5 mice")]
    [InlineData("5 many")]
    [InlineData("5. Kilometres are long")]
    [InlineData("5%")]
    public void Extract_NoUnitAfterTheNumber_HasNone(string text) => Assert.Null(Assert.Single(NumberExtractor.Extract(text)).Quantity);

    [Fact]
    public void Find_EveryNameOfThePattern_IsAUnit()
    {
        foreach (var name in "kilometers kilometre km centimeters mm metre m feet foot inches miles kg grams tonnes ounces lbs litres ml hectares acres seconds minutes hours days weeks months years mph kph km/h kW MW GW watts volts KB MB GB TB °C dollars euros yen".Split(' '))
        {
            Assert.True(Units.Find(name) is not null, name);
        }
    }

    private static Quantity Single(string text) => Assert.Single(NumberExtractor.Extract(text)).Quantity!;
}
