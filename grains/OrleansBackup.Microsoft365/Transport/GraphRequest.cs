using System.Collections.Immutable;

namespace OrleansBackup.Microsoft365.Transport;

/// <summary>What a request is about: the same code means another thing for a folder than for a message.</summary>
internal enum RequestSubject
{
    Tenant,

    /// <summary>A SharePoint site as a whole, or one of its lists.</summary>
    Site,

    /// <summary>A list item or page that is read.</summary>
    SiteItem,

    /// <summary>Something of a site that is made, changed or deleted.</summary>
    SiteWrite,

    /// <summary>A team or channel as a whole.</summary>
    Team,

    /// <summary>A message or what hangs on it, that is read.</summary>
    TeamItem,

    /// <summary>Something of a team that is made or changed.</summary>
    TeamWrite,
    Mailbox,
    Folder,
    Item,

    /// <summary>An upload session, which has an address and a life of its own.</summary>
    Upload,

    /// <summary>A OneDrive or library as a whole.</summary>
    Drive,

    /// <summary>An item of a drive that is read.</summary>
    DriveItem,

    /// <summary>An item of a drive that is made, changed or deleted.</summary>
    DriveWrite,

    /// <summary>An upload session of a drive.</summary>
    DriveUpload,

    /// <summary>The bytes of a file at an address that carries its own permission and expires.</summary>
    Download,
}

/// <summary>One call, as often as it takes: everything an attempt needs, so that a repeat starts from the beginning.</summary>
internal sealed record GraphRequest
{
    /// <summary>Carries <see cref="AnyPermission"/> along with what is sent, so that whoever watches the wire can compare it with Microsoft's table.</summary>
    public static HttpRequestOptionsKey<ImmutableArray<string>> PermissionsOption { get; } = new("orleansbackup.permissions");

    public required HttpMethod Method { get; init; }

    public required Uri Address { get; init; }

    public required RequestSubject Subject { get; init; }

    /// <summary>Whose budget it is charged to.</summary>
    public RequestService Service => ServiceOf(Subject);

    public static RequestService ServiceOf(RequestSubject subject) => subject switch
    {
        RequestSubject.Tenant => RequestService.Directory,
        RequestSubject.Mailbox or RequestSubject.Folder or RequestSubject.Item or RequestSubject.Upload => RequestService.Exchange,
        RequestSubject.Team or RequestSubject.TeamItem or RequestSubject.TeamWrite => RequestService.Teams,
        _ => RequestService.Files,
    };

    /// <summary>User id whose mailbox bears the load, or <see cref="Drives.DriveRequests.Load"/> of a drive; null for the directory.</summary>
    public string? Mailbox { get; init; }

    public ImmutableArray<string> Preferences { get; init; } = [];

    /// <summary>Makes the body anew for each attempt.</summary>
    public Func<HttpContent>? Body { get; init; }

    public long BodyBytes { get; init; }

    /// <summary>Requests of the tenant's budget; a batch costs one per part.</summary>
    public int Cost { get; init; } = 1;

    /// <summary>Connections to the mailbox that the service counts: a batch runs up to four of its parts at once.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>False for what must not happen twice: it is repeated only if the service refused it before doing anything.</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>False for upload addresses, which carry their own authorisation and are on other hosts.</summary>
    public bool CarriesToken { get; init; } = true;

    /// <summary>The permissions of which one is enough, to tell a missing permission from a closed mailbox.</summary>
    public ImmutableArray<string> AnyPermission { get; init; } = [];

    /// <summary>What the tenant's budget is charged above <see cref="Cost"/>: SharePoint counts resource units, up to five for a request.</summary>
    public int Units { get; init; } = 1;

    /// <summary>First byte that is wanted of a content; null: all of it.</summary>
    public long? RangeFrom { get; init; }

    /// <summary>Attempts for passing failures where the caller has a better answer than patience.</summary>
    public int? MaxPassingAttempts { get; init; }

    /// <summary>Attempts for 500 where the caller has a better answer than patience.</summary>
    public int? MaxServerErrorAttempts { get; init; }

    /// <summary>True: the body is content (spooled); false: JSON (validated).</summary>
    public bool WantsContent { get; init; }

    /// <summary>True: the JSON is large and needed for a moment; it stays in pooled memory that the response owns.</summary>
    public bool LendsJson { get; init; }
}

/// <summary>A good answer, wholly received and checked.</summary>
/// <remarks>After <see cref="GraphRequest.LendsJson"/> the memory of <see cref="Json"/> is that of the response: dispose it, and use nothing of it
/// afterwards. Otherwise disposing does nothing.</remarks>
internal sealed class GraphResponse(int status, ReadOnlyMemory<byte> json, Stream? content, long contentLength, Uri? location, IDisposable? jsonMemory = null) : IDisposable
{
    public int Status { get; } = status;

    /// <summary>Valid JSON (repaired where the service sent illegal characters); empty when there was no body or it is content.</summary>
    public ReadOnlyMemory<byte> Json { get; } = json;

    /// <summary>Spooled content from its start; the caller disposes it.</summary>
    public Stream? Content { get; } = content;

    public long ContentLength { get; } = contentLength;

    public Uri? Location { get; } = location;

    public void Dispose() => jsonMemory?.Dispose();
}
