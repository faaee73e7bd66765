using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansBackup.GraphSimulator.Http;

/// <summary>How the bytes of an answer reach the client; anything but <see cref="Whole"/> is a fault on order.</summary>
public enum Delivery
{
    Whole,

    /// <summary>The connection ends before a byte of the answer.</summary>
    Reset,

    /// <summary>The length is announced in full, half of the body is sent, then the connection ends.</summary>
    Cut,

    /// <summary>The announced length is too short: a clean answer whose body is only the first half.</summary>
    ShortLength,
}

/// <summary>One answer of Graph, alone or as part of a batch.</summary>
public sealed record GraphResponse(int Status)
{
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string? ContentType { get; init; }
    public ReadOnlyMemory<byte> Body { get; init; }
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>A body that is written as it is read, instead of <see cref="Body"/>.</summary>
    public ContentPart? Content { get; init; }

    public Delivery Delivery { get; init; }

    public const string JsonType = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

    public static GraphResponse Json(int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, JsonOptions))
            write(writer);
        return new GraphResponse(status) { ContentType = JsonType, Body = buffer.WrittenMemory };
    }

    public static GraphResponse Bytes(string contentType, ReadOnlyMemory<byte> bytes) => new(200) { ContentType = contentType, Body = bytes };

    public static GraphResponse NoContent { get; } = new(204);

    public GraphResponse With(string header, string value) => this with { Headers = [.. Headers, new(header, value)] };

    /// <summary>The body as text, for faults that damage it.</summary>
    public string BodyText => Encoding.UTF8.GetString(Body.Span);
}

/// <summary>Part of a file, to be written to the wire without being held.</summary>
public sealed record ContentPart(World.FileContent Source, long From, long Length);
