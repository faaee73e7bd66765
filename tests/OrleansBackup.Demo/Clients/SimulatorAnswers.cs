using System.Collections.Immutable;
using System.Text.Json;
using OrleansBackup.Demo.Comparison;

namespace OrleansBackup.Demo.Clients;

/// <summary>A simulated customer and the app registration to sign in with.</summary>
public sealed record SimulatedTenantAnswer(Guid TenantId, string Name, string ClientId, string ClientSecret);

public sealed record SimulatedClock(DateTimeOffset Now);

/// <summary>What a day of life brought, by kind of change.</summary>
public sealed record LifeAnswer(ImmutableDictionary<string, int> Changes)
{
    /// <summary>Somebody joined or left.</summary>
    public bool PeopleChanged => Changes.ContainsKey("userJoined") || Changes.ContainsKey("userLeft");

    public override string ToString() => string.Join(", ", Changes.Where(change => change.Value > 0).OrderByDescending(change => change.Value)
        .ThenBy(change => change.Key, StringComparer.Ordinal).Select(change => $"{change.Value} {change.Key}"));
}

/// <summary>What was asked of the simulator as Microsoft 365.</summary>
public sealed record StatisticsAnswer(long Requests, long Bytes, long Throttled);

public sealed record MessagesAnswer(int Messages);

/// <summary>The truth about everything that an owner has beside mail.</summary>
public sealed record ThingsAnswer(ImmutableArray<ThingPicture> Things);

/// <summary>A page of the truth about a mailbox.</summary>
public sealed record StateAnswer(ImmutableArray<StateFolderAnswer> Folders, ImmutableArray<StateMessageAnswer> Messages, string? Cursor);

public sealed record StateFolderAnswer(string Id, string? ParentId, ImmutableArray<string> Path, string? WellKnownName);

public sealed record StateMessageAnswer(
    string Id, string FolderId, JsonElement Properties, string MimeSha256, long MimeLength, ImmutableArray<StateAttachmentAnswer> Attachments)
{
    public MessagePicture Picture(ImmutableArray<string> folderPath) => new(
        Id, FolderId, folderPath, Properties, new ContentFingerprint(MimeLength, MimeSha256), [.. Attachments.Select(attachment => attachment.Picture())]);
}

public sealed record StateAttachmentAnswer(string Name, string? ContentType, bool IsInline, string Kind, string Sha256, long Length)
{
    public AttachmentPicture Picture() => new(Name, ContentType ?? "", Kind, IsInline, new ContentFingerprint(Length, Sha256));
}
