using System.Reflection;

namespace Microscale.Guard.AspNetCore.Tests;

public class PackageTests
{
    [Fact]
    public void References_OfOurOwn_PointDownwardOnly()
    {
        var own = Assembly.Load("Microscale.Guard.AspNetCore").GetReferencedAssemblies()
            .Select(a => a.Name!).Where(n => n.StartsWith("Microscale.", StringComparison.Ordinal));

        Assert.All(own, name => Assert.Equal("Microscale.Guard", name));
    }
}
