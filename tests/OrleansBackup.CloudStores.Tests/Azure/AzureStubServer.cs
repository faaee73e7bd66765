using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using OrleansBackup.CloudStores.Transient;

namespace OrleansBackup.CloudStores.Tests.Azure;

/// <summary>One container that behaves as the Blob service's reference says, version-level immutability included.</summary>
/// <remarks>For what Azurite does not have: immutability (it answers 501), versions, and faults. It checks no shared key; Azurite does.</remarks>
public sealed class AzureStubServer(string token, TimeProvider time) : StubServer
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Stored> _blobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, byte[]>> _blocks = [];

    /// <summary>Versions that are no longer current and still take space.</summary>
    public HashSet<string> EarlierVersions { get; } = [];

    protected override StubAnswer Of(StubFault fault) => fault switch
    {
        StubFault.Throttled => Error(503, "ServerBusy"),
        StubFault.Full => Error(507, "InsufficientStorage"),
        _ => Error(500, "InternalError"),
    };

    protected override Task<StubAnswer> AnswerAsync(HttpRequest request, byte[] body)
    {
        if (request.Headers.Authorization != $"Bearer {token}")
            return Task.FromResult(Error(403, "AuthenticationFailed"));
        if (request.Headers.ContentMD5.ToString() is { Length: > 0 } md5 && md5 != Convert.ToBase64String(TransferChecksum.Of(body)))
            return Task.FromResult(Error(400, "Md5Mismatch"));
        lock (_lock)
        {
            var path = request.Path.Value!.TrimStart('/').Split('/', 2);
            var answer = path.Length == 1 ? List(request.Query) : Blob(request, path[1], body);
            answer.Headers["Date"] = time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
            return Task.FromResult(answer);
        }
    }

    private StubAnswer List(IQueryCollection query)
    {
        var (prefix, delimiter, after) = (query["prefix"].ToString(), query["delimiter"].ToString(), query["marker"].ToString());
        var entries = _blobs.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(key => delimiter.Length > 0 && key.IndexOf('/', prefix.Length) is >= 0 and var at ? (Key: key[..(at + 1)], IsPart: true) : (Key: key, IsPart: false))
            .Distinct().Where(entry => string.CompareOrdinal(entry.Key, after) > 0).ToList();
        var page = entries.Take(int.Parse(query["maxresults"].ToString(), CultureInfo.InvariantCulture)).ToList();
        var root = new XElement("EnumerationResults",
            new XElement("Blobs", page.Select(entry => new XElement(entry.IsPart ? "BlobPrefix" : "Blob", new XElement("Name", entry.Key)))),
            new XElement("NextMarker", entries.Count > page.Count ? page[^1].Key : ""));
        return new(200, Encoding.UTF8.GetBytes(root.ToString()));
    }

    private StubAnswer Blob(HttpRequest request, string name, byte[] body) => (request.Method, request.Query["comp"].ToString()) switch
    {
        ("PUT", "block") => PutBlock(request, name, body),
        ("PUT", "blocklist") => Put(request, name, [.. XDocument.Parse(Encoding.UTF8.GetString(body)).Descendants("Latest").SelectMany(block => _blocks[name][block.Value])]),
        ("PUT", "immutabilityPolicies") => Retain(request, name),
        ("PUT", _) => Put(request, name, body),
        ("DELETE", _) => Delete(request, name),
        _ => Get(request, name),
    };

    private StubAnswer PutBlock(HttpRequest request, string name, byte[] body)
    {
        if (!_blocks.TryGetValue(name, out var blocks))
            _blocks[name] = blocks = [];
        blocks[request.Query["blockid"].ToString()] = body;
        return StubAnswer.Empty(201);
    }

    private StubAnswer Put(HttpRequest request, string name, byte[] bytes)
    {
        if (request.Headers.IfNoneMatch == "*" && _blobs.ContainsKey(name))
            return Error(409, "BlobAlreadyExists");
        _blobs[name] = new(bytes, request.Headers["x-ms-meta-putby"].ToString(), Guid.NewGuid().ToString("N"), UntilOf(request), request.Headers["x-ms-immutability-policy-mode"].ToString());
        return StubAnswer.Empty(201);
    }

    private StubAnswer Retain(HttpRequest request, string name)
    {
        if (!_blobs.TryGetValue(name, out var stored))
            return Error(404, "BlobNotFound");
        if (UntilOf(request) < stored.Until)
            return Error(409, "BlobImmutableDueToPolicy");
        _blobs[name] = stored with { Until = UntilOf(request), Mode = request.Headers["x-ms-immutability-policy-mode"].ToString() };
        return StubAnswer.Empty(200);
    }

    /// <summary>In an account with versions, a delete makes an earlier version of what was current, whatever its policy; only a version can be refused.</summary>
    private StubAnswer Delete(HttpRequest request, string name)
    {
        if (request.Query["versionid"].ToString() is { Length: > 0 } version)
            return StubAnswer.Empty(EarlierVersions.Remove(version) ? 202 : 404);
        if (!_blobs.Remove(name, out var stored))
            return Error(404, "BlobNotFound");
        EarlierVersions.Add(stored.Version);
        return StubAnswer.Empty(202);
    }

    private StubAnswer Get(HttpRequest request, string name)
    {
        if (!_blobs.TryGetValue(name, out var stored))
            return Error(404, "BlobNotFound");
        var headers = new Dictionary<string, string> { ["x-ms-version-id"] = stored.Version, ["x-ms-meta-putby"] = stored.Writer };
        if (stored.Until is { } until)
            (headers["x-ms-immutability-policy-until-date"], headers["x-ms-immutability-policy-mode"]) = (until.ToString("R", CultureInfo.InvariantCulture), stored.Mode);
        if (request.Headers["x-ms-range"].ToString() is not { Length: > 0 } range)
            return new(200, stored.Bytes) { Headers = new(headers) { ["Content-MD5"] = Convert.ToBase64String(TransferChecksum.Of(stored.Bytes)) } };
        var bounds = range["bytes=".Length..].Split('-').Select(bound => long.Parse(bound, CultureInfo.InvariantCulture)).ToArray();
        if (bounds[0] >= stored.Bytes.Length)
            return Error(416, "InvalidRange");
        var part = stored.Bytes[(int)bounds[0]..(int)Math.Min(bounds[1] + 1, stored.Bytes.Length)];
        if (request.Headers["x-ms-range-get-content-md5"] == "true")
            headers["Content-MD5"] = Convert.ToBase64String(TransferChecksum.Of(part));
        return new(206, part) { Headers = headers };
    }

    private static DateTimeOffset? UntilOf(HttpRequest request) =>
        DateTimeOffset.TryParse(request.Headers["x-ms-immutability-policy-until-date"], CultureInfo.InvariantCulture, out var until) ? until : null;

    private static StubAnswer Error(int status, string code) => StubAnswer.Empty(status) with { Headers = new() { ["x-ms-error-code"] = code } };

    private sealed record Stored(byte[] Bytes, string Writer, string Version, DateTimeOffset? Until, string Mode);
}
