using System.Collections.Immutable;
using OrleansBackup.Domain.Openings;
using OrleansBackup.GrainInterfaces.Openings;

namespace OrleansBackup.ClientApi.Openings;

/// <summary>How a restore point is to be opened.</summary>
/// <param name="Why">Kept, and written into the audit book.</param>
/// <param name="Protocol">webDav: as files in folders, for a file manager. imap: as mail folders, for a mail program; of mailboxes only.</param>
/// <param name="Lasts">From one minute to seven days, such as 1.00:00:00. Default: eight hours.</param>
public sealed record OpeningMakeBody(string? Why, OpeningProtocol? Protocol, TimeSpan? Lasts);

/// <summary>An opening that was just made. The password is shown here and never again.</summary>
/// <param name="Address">What the program is told to open.</param>
public sealed record OpeningMadeBody(OpeningBody Opening, string Address, string UserName, string Password);

/// <summary>Openings of a tenant, newest first.</summary>
/// <param name="CustomersMayOpen">Whether contacts of the customer may open restore points themselves.</param>
public sealed record OpeningListBody(ImmutableArray<OpeningBody> Openings, bool CustomersMayOpen)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>Who may open restore points.</summary>
public sealed record OpeningPolicyBody(bool? CustomersMayOpen);

/// <summary>An opening and how it stands.</summary>
/// <param name="Id">Also the user name.</param>
/// <param name="Until">When it ends by itself.</param>
/// <param name="End">Why it is over: ended, expired, pointGone or tenantStopped; null: it is open.</param>
/// <param name="EndedBy">Null: nobody, it came to its end.</param>
public sealed record OpeningBody(
    string Id, string Resource, long Point, OpeningProtocol Protocol, string Who, string Why, DateTimeOffset OpenedAt, DateTimeOffset Until,
    DateTimeOffset? FirstUsedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? EndedAt, OpeningEnd? End, string? EndedBy, OpeningUseBody Use)
{
    public static OpeningBody Of(OpeningListing opening) => new(
        opening.Id.Text, opening.Point.Resource.LocalName, opening.Point.Sequence, opening.Protocol, opening.Opened.Who, opening.Opened.Why, opening.Opened.At, opening.Until,
        opening.FirstUsedAt, opening.LastUsedAt, opening.EndedAt, opening.End, opening.EndedBy,
        new OpeningUseBody(opening.Use.Sessions, opening.Use.Listings, opening.Use.Items, opening.Use.Bytes));
}

/// <summary>How much was read, some seconds late.</summary>
/// <param name="Sessions">Connections of mail programs; requests of file managers.</param>
/// <param name="Listings">Folders looked into.</param>
/// <param name="Items">Files or messages of which any content was read.</param>
public sealed record OpeningUseBody(long Sessions, long Listings, long Items, long Bytes);
