using System.Net;
using System.Text;

namespace OrleansBackup.Microsoft365.Tests.Fixtures;

/// <summary>One scripted answer, or the way in which none comes.</summary>
internal abstract record Reply
{
    public static Reply Json(string body) => new Answer(HttpStatusCode.OK, Encoding.UTF8.GetBytes(body), []);

    public static Reply Bytes(byte[] body) => new Answer(HttpStatusCode.OK, body, []);

    public static Reply Created(string body, params (string, string)[] headers) => new Answer(HttpStatusCode.Created, Encoding.UTF8.GetBytes(body), headers);

    public static Reply NoContent() => new Answer(HttpStatusCode.NoContent, [], []);

    public static Reply Error(int status, string code, string message = "", params (string, string)[] headers) =>
        new Answer((HttpStatusCode)status, Encoding.UTF8.GetBytes($$"""{"error":{"code":"{{code}}","message":"{{message}}" } }"""), headers);

    public static Reply Empty(int status, params (string, string)[] headers) => new Answer((HttpStatusCode)status, [], headers);

    public static Reply Reset() => new Broken();

    /// <summary>Neither answers nor ends the connection.</summary>
    public static Reply Stall() => new Stalled();

    /// <summary>Promises more bytes than come.</summary>
    public static Reply Cut(string body) => new Answer(HttpStatusCode.OK, Encoding.UTF8.GetBytes(body), [("Content-Length", (Encoding.UTF8.GetByteCount(body) + 100).ToString(provider: null))]);

    public sealed record Answer(HttpStatusCode Status, byte[] Body, (string Name, string Value)[] Headers) : Reply;

    public sealed record Broken : Reply;

    public sealed record Stalled : Reply;
}
