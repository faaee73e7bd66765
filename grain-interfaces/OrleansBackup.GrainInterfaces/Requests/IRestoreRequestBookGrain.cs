using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Requests;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;

namespace OrleansBackup.GrainInterfaces.Requests;

/// <summary>What a customer asked to have restored: by whom, checked against what, approved by whom, and what came of it.</summary>
/// <remarks>Key: <see cref="GrainKeys.Of(TenantId)"/>. No call waits for a restore.</remarks>
[Alias("restore-request-book")]
public interface IRestoreRequestBookGrain : IGrainWithStringKey
{
    /// <summary>Takes a request of an authorised contact and checks what it would bring back. Nothing is restored before the provider approves.</summary>
    /// <param name="askedBy">The contact's e-mail address.</param>
    /// <param name="text">What the customer wants, in his words.</param>
    /// <param name="restore">What to put back; <see cref="RestoreRequest.RequestedBy"/> is who typed it in.</param>
    /// <exception cref="InvalidRequestException">Nobody of this customer who may ask has this address: refused and audited. Or it makes no sense.</exception>
    [ResponseTimeout("00:10:00"), Alias("make")]
    Task<RequestListing> Make(string askedBy, string text, RestoreRequest restore, CancellationToken cancellation);

    /// <summary>Approves, opens a work order and starts the restore job. Safe to repeat.</summary>
    [ResponseTimeout("00:10:00"), Alias("approve")]
    Task<RequestListing> Approve(Guid request, string who, string why, CancellationToken cancellation);

    [Alias("decline")]
    Task<RequestListing> Decline(Guid request, string who, string why, CancellationToken cancellation);

    /// <summary>Says whether the customer has what he asked for, and closes the work order.</summary>
    /// <param name="minutes">What a person spent on it.</param>
    /// <exception cref="NotPossibleNowException">The job has not ended.</exception>
    [Alias("confirm")]
    Task<RequestListing> Confirm(Guid request, string who, bool satisfied, int minutes, string note, CancellationToken cancellation);

    /// <exception cref="NotFoundException">There is no such request.</exception>
    [Alias("get-request")]
    Task<RequestListing> Get(Guid request, CancellationToken cancellation);

    /// <summary>Newest first.</summary>
    [Alias("list-requests")]
    Task<ImmutableArray<RequestListing>> List(int limit, CancellationToken cancellation);

    /// <summary>Forgets everything, at the end of the tenant. Safe to repeat.</summary>
    [Alias("forget")]
    Task Forget(CancellationToken cancellation);
}

/// <summary>A request and how it stands.</summary>
/// <param name="AskedBy">E-mail address of the contact.</param>
/// <param name="Check">What it would bring back, as it was found when it was received.</param>
[GenerateSerializer, Immutable, Alias("restore-request-listing")]
public sealed record RequestListing(
    [property: Id(0)] Guid Id,
    [property: Id(1)] RequestStage Stage,
    [property: Id(2)] string AskedBy,
    [property: Id(3)] string Text,
    [property: Id(4)] RestoreRequest Restore,
    [property: Id(5)] DateTimeOffset ReceivedAt,
    [property: Id(6)] RestorePreview Check)
{
    /// <summary>Of the provider: approved or declined.</summary>
    [Id(7)] public PersonsDecision? Decision { get; init; }

    [Id(8)] public RestoreJobId? Job { get; init; }

    [Id(9)] public Guid? WorkOrder { get; init; }

    /// <summary>When the job began, and when it ended.</summary>
    [Id(10)] public DateTimeOffset? StartedAt { get; init; }

    [Id(11)] public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How the job ended.</summary>
    [Id(12)] public RequestResult? Result { get; init; }

    /// <summary>Who said what came of it.</summary>
    [Id(13)] public PersonsDecision? Confirmation { get; init; }

    [Id(14)] public bool? Delivered { get; init; }
}

/// <summary>How many items came back.</summary>
[GenerateSerializer, Immutable, Alias("restore-request-result")]
public sealed record RequestResult([property: Id(0)] RestoreState State, [property: Id(1)] long Restored, [property: Id(2)] long Skipped, [property: Id(3)] long Failed, [property: Id(4)] string? Problem);
