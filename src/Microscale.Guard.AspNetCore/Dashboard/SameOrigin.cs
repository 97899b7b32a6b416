using Microsoft.AspNetCore.Http;

namespace Microscale.Guard.AspNetCore;

/// <summary>Whether a browser says that a request comes from a page of this very origin.</summary>
internal static class SameOrigin
{
    /// <summary>False where the browser names another site or origin. What names none must still show the page's token.</summary>
    public static bool Holds(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        return (site.Length == 0 || site == "same-origin")
            && (origin.Length == 0 || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase));
    }
}
