using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using OrleansBackup.CloudStores.Transient;

namespace OrleansBackup.CloudStores.Tests.S3;

/// <summary>One bucket that behaves as the S3 reference says: signatures, conditional writes, versions, object lock, parts, lists in pages.</summary>
/// <remarks>Ours, because the free servers at hand ignore signatures, conditional writes or locks. Amazon's own was not reached.</remarks>
public sealed class S3StubServer(string bucket, string accessKey, string secret, string region, TimeProvider time) : StubServer
{
    private readonly SignatureCheck _signatures = new(accessKey, secret, region);
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Stored> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Key, Dictionary<string, string> Metadata, SortedDictionary<int, byte[]> Parts)> _uploads = [];

    /// <summary>Where the bucket says it is.</summary>
    public string Location { get; set; } = region;

    /// <summary>A service that takes the header and does not honour it.</summary>
    public bool IgnoresConditions { get; set; }

    /// <summary>A service that takes the headers of object lock and does nothing with them.</summary>
    public bool IgnoresLocks { get; set; }

    public int UnfinishedUploads
    {
        get { lock (_lock) return _uploads.Count; }
    }

    protected override StubAnswer Of(StubFault fault) => fault switch
    {
        StubFault.Throttled => Error(503, "SlowDown"),
        StubFault.Full => Error(507, "XMinioStorageFull"),
        _ => Error(500, "InternalError"),
    };

    protected override Task<StubAnswer> AnswerAsync(HttpRequest request, byte[] body)
    {
        if (_signatures.Problem(request, body) is { } problem)
            return Task.FromResult(Error(403, problem));
        var path = request.Path.Value!.TrimStart('/').Split('/', 2);
        if (path[0] != bucket)
            return Task.FromResult(Error(404, "NoSuchBucket"));
        if (request.Headers["Content-MD5"].ToString() is { Length: > 0 } md5 && md5 != Convert.ToBase64String(TransferChecksum.Of(body)))
            return Task.FromResult(Error(400, "BadDigest"));
        lock (_lock)
            return Task.FromResult(path.Length == 1 || path[1].Length == 0 ? Bucket(request) : Object(request, path[1], body));
    }

    private StubAnswer Bucket(HttpRequest request)
    {
        if (request.Query.ContainsKey("location"))
            return Xml(200, new XElement("LocationConstraint", Location == "us-east-1" ? "" : Location));
        var (prefix, delimiter, after) = (request.Query["prefix"].ToString(), request.Query["delimiter"].ToString(), request.Query["continuation-token"].ToString());
        var most = int.Parse(request.Query["max-keys"].ToString(), CultureInfo.InvariantCulture);
        var entries = _objects.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(key => delimiter.Length > 0 && key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal) is >= 0 and var at ? (Key: key[..(at + 1)], IsPart: true) : (Key: key, IsPart: false))
            .Distinct().Where(entry => string.CompareOrdinal(entry.Key, after) > 0).ToList();
        var page = entries.Take(most).ToList();
        return Xml(200, new XElement("ListBucketResult",
            new XElement("IsTruncated", entries.Count > page.Count ? "true" : "false"),
            entries.Count > page.Count ? new XElement("NextContinuationToken", page[^1].Key) : null,
            page.Where(entry => !entry.IsPart).Select(entry => new XElement("Contents", new XElement("Key", entry.Key), new XElement("Size", _objects[entry.Key].Bytes.Length))),
            page.Where(entry => entry.IsPart).Select(entry => new XElement("CommonPrefixes", new XElement("Prefix", entry.Key)))));
    }

    private StubAnswer Object(HttpRequest request, string key, byte[] body) => (request.Method, request.Query) switch
    {
        ("POST", var query) when query.ContainsKey("uploads") => Begin(request, key),
        ("PUT", var query) when query.ContainsKey("partNumber") => PutPart(query, body),
        ("POST", var query) when query.ContainsKey("uploadId") => Complete(request, key, body),
        ("DELETE", var query) when query.ContainsKey("uploadId") => StubAnswer.Empty(_uploads.Remove(query["uploadId"].ToString()) ? 204 : 404),
        ("PUT", var query) when query.ContainsKey("retention") => PutRetention(key, body),
        ("PUT", _) => Put(request, key, body, MetadataOf(request), UntilOf(request)),
        ("DELETE", var query) => Delete(key, query["versionId"].ToString()),
        _ => Get(request, key),
    };

    private StubAnswer Put(HttpRequest request, string key, byte[] bytes, Dictionary<string, string> metadata, DateTimeOffset? until)
    {
        if (request.Headers.IfNoneMatch == "*" && !IgnoresConditions && _objects.ContainsKey(key))
            return Error(412, "PreconditionFailed");
        var tag = request.Method == "POST" ? $"\"{Guid.NewGuid():N}-2\"" : TagOf(bytes); // only of an object in one part is it the MD5
        var stored = new Stored(bytes, tag, metadata, Guid.NewGuid().ToString("N"), IgnoresLocks ? null : until, request.Headers["x-amz-object-lock-mode"].ToString());
        _objects[key] = stored;
        return StubAnswer.Empty(200) with { Headers = new() { ["ETag"] = stored.Tag, ["x-amz-version-id"] = stored.Version } };
    }

    private StubAnswer Begin(HttpRequest request, string key)
    {
        var upload = Guid.NewGuid().ToString("N");
        _uploads[upload] = (key, MetadataOf(request), []);
        return Xml(200, new XElement("InitiateMultipartUploadResult", new XElement("Bucket", bucket), new XElement("Key", key), new XElement("UploadId", upload)));
    }

    private StubAnswer PutPart(IQueryCollection query, byte[] body)
    {
        if (!_uploads.TryGetValue(query["uploadId"].ToString(), out var upload))
            return Error(404, "NoSuchUpload");
        upload.Parts[int.Parse(query["partNumber"].ToString(), CultureInfo.InvariantCulture)] = body;
        return StubAnswer.Empty(200) with { Headers = new() { ["ETag"] = TagOf(body) } };
    }

    private StubAnswer Complete(HttpRequest request, string key, byte[] body)
    {
        var id = request.Query["uploadId"].ToString();
        if (!_uploads.TryGetValue(id, out var upload))
            return Error(404, "NoSuchUpload");
        var wanted = XDocument.Parse(Encoding.UTF8.GetString(body)).Descendants().Where(element => element.Name.LocalName == "PartNumber").Select(element => int.Parse(element.Value, CultureInfo.InvariantCulture)).ToList();
        if (!wanted.SequenceEqual(upload.Parts.Keys) || upload.Parts.Values.SkipLast(1).Any(part => part.Length < 5 << 20))
            return Error(400, "EntityTooSmall");
        var answer = Put(request, key, [.. upload.Parts.Values.SelectMany(part => part)], upload.Metadata, null);
        if (answer.Status != 200)
            return answer;
        _uploads.Remove(id);
        return Xml(200, new XElement("CompleteMultipartUploadResult", new XElement("Key", key), new XElement("ETag", answer.Headers["ETag"])));
    }

    private StubAnswer Get(HttpRequest request, string key)
    {
        if (!_objects.TryGetValue(key, out var stored))
            return Error(404, "NoSuchKey");
        var headers = new Dictionary<string, string> { ["ETag"] = stored.Tag, ["x-amz-version-id"] = stored.Version };
        foreach (var (name, value) in stored.Metadata)
            headers[name] = value;
        if (stored.Until is { } until)
            (headers["x-amz-object-lock-mode"], headers["x-amz-object-lock-retain-until-date"]) = (stored.Mode, until.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        if (request.Headers.Range.ToString() is not { Length: > 0 } range)
            return new(200, stored.Bytes) { Headers = headers };
        var bounds = range["bytes=".Length..].Split('-').Select(bound => long.Parse(bound, CultureInfo.InvariantCulture)).ToArray();
        if (bounds[0] >= stored.Bytes.Length)
            return Error(416, "InvalidRange");
        var last = Math.Min(bounds[1], stored.Bytes.Length - 1);
        headers["Content-Range"] = $"bytes {bounds[0]}-{last}/{stored.Bytes.Length}";
        return new(206, stored.Bytes[(int)bounds[0]..(int)(last + 1)]) { Headers = headers };
    }

    private StubAnswer Delete(string key, string version)
    {
        if (!_objects.TryGetValue(key, out var stored))
            return StubAnswer.Empty(204);
        if (stored.Version != version)
            return Error(400, "TheTestExpectsAVersion"); // a marker would hide the object, and its bytes would stay for ever
        if (stored.Until > time.GetUtcNow())
            return Error(403, "AccessDenied");
        _objects.Remove(key);
        return StubAnswer.Empty(204);
    }

    private StubAnswer PutRetention(string key, byte[] body)
    {
        if (!_objects.TryGetValue(key, out var stored))
            return Error(404, "NoSuchKey");
        var text = XDocument.Parse(Encoding.UTF8.GetString(body)).Descendants().ToLookup(element => element.Name.LocalName, element => element.Value);
        var until = DateTimeOffset.Parse(text["RetainUntilDate"].Single(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        if (until < stored.Until)
            return Error(403, "AccessDenied");
        if (!IgnoresLocks)
            _objects[key] = stored with { Until = until, Mode = text["Mode"].Single() };
        return StubAnswer.Empty(200);
    }

    private static Dictionary<string, string> MetadataOf(HttpRequest request) => request.Headers
        .Where(header => header.Key.StartsWith("x-amz-meta-", StringComparison.OrdinalIgnoreCase)).ToDictionary(header => header.Key, header => header.Value.ToString());

    private static DateTimeOffset? UntilOf(HttpRequest request) =>
        DateTimeOffset.TryParse(request.Headers["x-amz-object-lock-retain-until-date"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until) ? until : null;

    private static StubAnswer Error(int status, string code) => Xml(status, new XElement("Error", new XElement("Code", code), new XElement("Message", code)));

    private static StubAnswer Xml(int status, XElement root) =>
        new(status, Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + root)) { Headers = new() { ["Content-Type"] = "application/xml" } };

    private static string TagOf(byte[] bytes) => $"\"{Convert.ToHexStringLower(TransferChecksum.Of(bytes))}\"";

    private sealed record Stored(byte[] Bytes, string Tag, Dictionary<string, string> Metadata, string Version, DateTimeOffset? Until, string Mode);
}
