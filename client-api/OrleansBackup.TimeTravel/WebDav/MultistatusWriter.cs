using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Xml;

namespace OrleansBackup.TimeTravel.WebDav;

/// <summary>One folder or file in an answer.</summary>
/// <param name="Size">Null: a folder.</param>
internal sealed record DavResource(string Href, string Name, long? Size, string? ContentType, DateTimeOffset? Modified, string? Tag)
{
    private static readonly ImmutableArray<string> OfFolder = ["resourcetype", "displayname", "getlastmodified", "supportedlock"];
    private static readonly ImmutableArray<string> OfFile = ["resourcetype", "displayname", "getcontentlength", "getcontenttype", "getetag", "getlastmodified", "supportedlock"];

    public IEnumerable<PropertyName> Names => (Size is null ? OfFolder : OfFile).Where(name => name != "getlastmodified" || Modified is not null).Select(PropertyName.OfDav);

    public string ValueOf(string name) => name switch
    {
        "displayname" => Name,
        "getcontentlength" => Size!.Value.ToString(CultureInfo.InvariantCulture),
        "getcontenttype" => ContentType!,
        "getetag" => Tag!,
        "getlastmodified" => Modified!.Value.ToUniversalTime().ToString("R", CultureInfo.InvariantCulture),
        _ => "",
    };
}

/// <summary>Writes the answer to a PROPFIND as it goes: a folder of any size takes no memory.</summary>
/// <remarks>Source: RFC 4918, section 13.</remarks>
internal sealed class MultistatusWriter(Stream target) : IAsyncDisposable
{
    private const string Found = "HTTP/1.1 200 OK", NotFound = "HTTP/1.1 404 Not Found", Prefix = "D";
    private const int ResourcesBetweenFlushes = 100;

    private readonly XmlWriter _xml = XmlWriter.Create(target, new XmlWriterSettings { Async = true, Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), CloseOutput = false });
    private int _written;

    public async Task BeginAsync()
    {
        await _xml.WriteStartDocumentAsync();
        await _xml.WriteStartElementAsync(Prefix, "multistatus", PropertyName.Dav);
    }

    public async Task WriteAsync(DavResource resource, PropfindRequest request)
    {
        var present = resource.Names.ToHashSet();
        await _xml.WriteStartElementAsync(Prefix, "response", PropertyName.Dav);
        await _xml.WriteElementStringAsync(Prefix, "href", PropertyName.Dav, resource.Href);
        await WriteAsync(resource, request.Wanted.IsEmpty ? [.. present] : [.. request.Wanted.Where(present.Contains)], request.NamesOnly, Found);
        if (request.Wanted.Where(name => !present.Contains(name)).ToList() is { Count: > 0 } absent)
            await WriteAsync(resource, absent, namesOnly: true, NotFound);
        await _xml.WriteEndElementAsync();
        if (++_written % ResourcesBetweenFlushes == 0)
            await _xml.FlushAsync();
    }

    public async Task EndAsync()
    {
        await _xml.WriteEndElementAsync();
        await _xml.WriteEndDocumentAsync();
        await _xml.FlushAsync();
    }

    public ValueTask DisposeAsync() => _xml.DisposeAsync();

    private async Task WriteAsync(DavResource resource, List<PropertyName> names, bool namesOnly, string status)
    {
        if (names.Count == 0 && status == Found && resource.Names.Any() && !namesOnly)
            return;
        await _xml.WriteStartElementAsync(Prefix, "propstat", PropertyName.Dav);
        await _xml.WriteStartElementAsync(Prefix, "prop", PropertyName.Dav);
        foreach (var name in names)
        {
            await _xml.WriteStartElementAsync(name.Space == PropertyName.Dav ? Prefix : null, name.Local, name.Space);
            if (!namesOnly)
                await WriteValueAsync(resource, name.Local);
            await _xml.WriteEndElementAsync();
        }
        await _xml.WriteEndElementAsync();
        await _xml.WriteElementStringAsync(Prefix, "status", PropertyName.Dav, status);
        await _xml.WriteEndElementAsync();
    }

    private async Task WriteValueAsync(DavResource resource, string name)
    {
        if (name != "resourcetype")
            await _xml.WriteStringAsync(resource.ValueOf(name));
        else if (resource.Size is null)
            await _xml.WriteElementStringAsync(Prefix, "collection", PropertyName.Dav, "");
    }
}
