using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansBackup.Demo.Clients;

/// <summary>What the server answers, as far as the demonstration reads it. Outcomes and states are text: unknown ones must not break it.</summary>
public sealed record TenantAnswer(Guid Id, string Name, int ProtectedResources, int UnprotectedResources, ImmutableArray<PermissionAnswer> Permissions, string? Problem);

public sealed record PermissionAnswer(string Name, bool Granted, bool NeededForBackup, bool NeededForRestore, string Purpose);

public sealed record DiscoveryAnswer(int Found, int New, int Vanished, int Protected, int NotProtected, ImmutableArray<string> Warnings);

public sealed record SweepAnswer(int Started);

public sealed record ResourcesAnswer(ImmutableArray<ResourceAnswer> Resources, string? Next);

public sealed record ResourceAnswer(string Id, string DisplayName, string Address, string Purpose, bool Protected, string Reason, DateTimeOffset? VanishedAt, HealthAnswer? Health);

public sealed record HealthAnswer(string LastOutcome, DateTimeOffset? LastSealedAt, int RestorePoints, long Items, long LogicalBytes, long Debts, bool Running, string? Problem);

public sealed record RunsAnswer(ImmutableArray<RunAnswer> Runs);

public sealed record RunAnswer(
    string Id, string Reason, string Outcome, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, RunCountsAnswer Counts, long ItemsExpected,
    string Step, string? Problem, long? SealedPoint, ImmutableArray<string> Warnings);

public sealed record RunCountsAnswer(
    long Added, long Changed, long PropertiesChanged, long Removed, long Failed, long Healed, long Folders, long DownloadedBytes,
    long Requests, long Throttled, long Segments)
{
    /// <summary>Items that the run has dealt with.</summary>
    public long Handled => Added + Changed + PropertiesChanged + Removed + Failed;
}

public sealed record PointsAnswer(ImmutableArray<PointAnswer> Points);

public sealed record PointAnswer(
    long Sequence, DateOnly Day, DateTimeOffset StartedAt, DateTimeOffset SealedAt, long Items, long Folders, long LogicalBytes, long Debts, bool ComparedWithListing);

public sealed record FoldersAnswer(ImmutableArray<FolderAnswer> Folders);

public sealed record FolderAnswer(string Id, string Kind, string? ParentId, string Name, ImmutableArray<string> Path, bool Hidden, string? WellKnownName);

public sealed record ItemsAnswer(ImmutableArray<ItemAnswer> Items, string? Next);

public sealed record ItemAnswer(
    string Id, string Kind, string FolderId, string Subject, bool HasMime, ImmutableArray<AttachmentAnswer> Attachments, ImmutableArray<string> Warnings, ImmutableArray<ContentAnswer> Contents);

public sealed record ContentAnswer(string Role, long Size);

public sealed record AttachmentAnswer(string Name, string ContentType, string Kind, long Size, bool IsInline, string? Problem);

public sealed record DebtsAnswer(ImmutableArray<DebtAnswer> Debts);

public sealed record DebtAnswer(string ItemId, string Subject, string Error);

public sealed record AcceptedAnswer(string Id);

public sealed record RestoreAnswer(
    string Id, string State, long Asked, long Restored, long Skipped, long Failed, long WithLosses, string Step, string? Problem)
{
    public bool Ended => State is "completed" or "completedWithFailures" or "failed" or "cancelled";
}

public sealed record OutcomesAnswer(ImmutableArray<OutcomeAnswer> Outcomes, string? Next);

public sealed record OutcomeAnswer(string ItemId, string Kind, string Subject, string? NewId, string? Reason, ImmutableArray<LossAnswer> Losses, string? Way);

public sealed record LossAnswer(string Kind, string? Name, int? Count, string Text);

public sealed record RehearsalAnswer(string Name, string Stage, int Drawn, int Restored, int Same, int Failed, string? RecordHash);

public sealed record CheckAnswer(bool EveryByte, long ObjectsRead, long BytesRead, ImmutableArray<string> Findings);

public sealed record ClockAnswer(JsonElement Now);
