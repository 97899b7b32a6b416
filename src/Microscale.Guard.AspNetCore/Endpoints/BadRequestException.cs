using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace Microscale.Guard.AspNetCore.Endpoints;

/// <summary>A request that is refused, in words for the caller.</summary>
[SuppressMessage("Design", "CA1064", Justification = "Thrown and caught by the endpoints only.")]
[SuppressMessage("Design", "CA1032", Justification = "Thrown and caught by the endpoints only.")]
internal sealed class BadRequestException(string message, string? parameter = null, string? code = null, int status = StatusCodes.Status400BadRequest)
    : Exception(message)
{
    /// <summary>The field at fault; null when it is not one.</summary>
    public string? Parameter => parameter;

    /// <summary>The protocol's name for what is wrong.</summary>
    public string? Code => code;

    public int Status => status;
}
