namespace Microscale.Guard.Onnx;

/// <summary>Makes the ids that responses and messages are told apart by.</summary>
internal static class ResponseIds
{
    public static string NewResponse() => $"resp-{Guid.NewGuid():N}";

    public static string NewMessage() => $"msg-{Guid.NewGuid():N}";
}
