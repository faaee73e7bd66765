using System.Collections.Immutable;
using System.Xml;
using Microsoft.AspNetCore.Http;

namespace OrleansBackup.TimeTravel.WebDav;

/// <summary>The name of a property.</summary>
internal readonly record struct PropertyName(string Space, string Local)
{
    public const string Dav = "DAV:";

    public static PropertyName OfDav(string local) => new(Dav, local);
}

/// <summary>What a PROPFIND asks for: all properties, their names only, or some.</summary>
/// <param name="Wanted">Empty: all.</param>
/// <remarks>Source: RFC 4918, sections 9.1 and 14.20.</remarks>
internal sealed record PropfindRequest(bool NamesOnly, ImmutableArray<PropertyName> Wanted)
{
    private const int MostBytes = 64 * 1024, MostProperties = 200, Deepest = 8;

    public static PropfindRequest All { get; } = new(false, []);

    /// <exception cref="XmlException">It is not what RFC 4918 describes, or it has a document type, or is far too long.</exception>
    public static async Task<PropfindRequest> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        var piece = new byte[4096];
        while (await request.Body.ReadAsync(piece, cancellation) is var read and > 0)
        {
            body.Write(piece, 0, read);
            if (body.Length > MostBytes)
                throw new XmlException($"A request is at most {MostBytes} bytes long.");
        }
        if (body.Length == 0)
            return All; // section 9.1: no body asks for all
        body.Position = 0;
        using var xml = XmlReader.Create(body, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreWhitespace = true });
        return Read(xml);
    }

    private static PropfindRequest Read(XmlReader xml)
    {
        var (namesOnly, isProp, wanted, found) = (false, false, ImmutableArray.CreateBuilder<PropertyName>(), false);
        while (xml.Read())
        {
            if (xml.Depth > Deepest)
                throw new XmlException("The request is nested too deep.");
            if (xml.NodeType != XmlNodeType.Element)
                continue;
            switch (xml.Depth)
            {
                case 0 when xml is not { LocalName: "propfind", NamespaceURI: PropertyName.Dav }:
                    throw new XmlException("The request must be a propfind element of the namespace DAV:.");
                case 1 when xml.NamespaceURI == PropertyName.Dav && xml.LocalName is "propname" or "allprop" or "prop":
                    if (found)
                        throw new XmlException("A propfind element asks for one thing.");
                    (found, namesOnly, isProp) = (true, xml.LocalName == "propname", xml.LocalName == "prop");
                    break;
                case 2 when isProp:
                    wanted.Add(new PropertyName(xml.NamespaceURI, xml.LocalName));
                    if (wanted.Count > MostProperties)
                        throw new XmlException($"At most {MostProperties} properties are told at once.");
                    break;
                default:
                    break; // include, and what newer versions add: ignored, as section 17 says
            }
        }
        return found ? new PropfindRequest(namesOnly, wanted.ToImmutable()) : throw new XmlException("The propfind element is empty.");
    }
}
