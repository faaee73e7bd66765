using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using OrleansBackup.ClientApi.Openings;
using OrleansBackup.Domain.Openings;
using OrleansBackup.TimeTravel.Imap;
using OrleansBackup.TimeTravel.WebDav;

namespace OrleansBackup.TimeTravel;

/// <summary>What a person is told to type into his program.</summary>
internal sealed class OpeningAddresses(IOptions<TimeTravelOptions> options, IOptions<ImapOptions> imap, ImapServer server) : IOpeningAddresses
{
    public string? Of(OpeningProtocol protocol, OpeningId opening, HttpRequest request) => protocol switch
    {
        OpeningProtocol.WebDav => $"{options.Value.WebDavUrl?.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}{request.PathBase}"}{DavAddress.Of(opening.Text, [], isFolder: true)}",
        OpeningProtocol.Imap when server.Port is { } port => $"{(imap.Value.IsInTls ? "imaps" : "imap")}://{imap.Value.PublicName ?? request.Host.Host}:{port}",
        _ => null,
    };
}
