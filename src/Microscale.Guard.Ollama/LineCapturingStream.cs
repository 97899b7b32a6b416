namespace Microscale.Guard.Ollama;

/// <summary>Shows each line to a capture before whoever reads the stream can have it, and ends the reading when the request is
/// cancelled, which OllamaSharp does not.</summary>
internal sealed class LineCapturingStream(Stream inner, LineCapture capture, CancellationToken requestCancelled) : Stream
{
    private readonly MemoryStream _line = new();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        Scan(buffer[..count]);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken.CanBeCanceled ? cancellationToken : requestCancelled);
        Scan(buffer.Span[..count]);
        return count;
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _line.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Scan(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            EndLine();
            return;
        }

        while (bytes.IndexOf((byte)'\n') is var end and >= 0)
        {
            _line.Write(bytes[..end]);
            EndLine();
            bytes = bytes[(end + 1)..];
        }

        _line.Write(bytes);
    }

    private void EndLine()
    {
        var line = _line.GetBuffer().AsMemory(0, (int)_line.Length);
        _line.SetLength(0);
        if (!line.Span.Trim(" \t\r"u8).IsEmpty)
        {
            capture.Add(line);
        }
    }
}
