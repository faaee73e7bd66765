using Microsoft.AspNetCore.Http;
using OrleansBackup.Domain.Openings;

namespace OrleansBackup.ClientApi.Openings;

/// <summary>Where programs find opened restore points. Given by the host of those protocols; without one, nothing can be opened.</summary>
public interface IOpeningAddresses
{
    /// <param name="request">The one that opens: its host is the server's name, unless configured otherwise.</param>
    /// <returns>An address such as <c>https://backup.example/dav/…/</c> or <c>imaps://backup.example:993</c>; null: this protocol is not served here.</returns>
    string? Of(OpeningProtocol protocol, OpeningId opening, HttpRequest request);
}
