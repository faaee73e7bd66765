using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.GrainInterfaces.Contracts;

/// <summary>The contract with one customer: what was agreed, what happened to it since, and what follows from it for his backups.</summary>
/// <remarks>
/// Key: <see cref="GrainKeys.Of(Domain.Identity.TenantId)"/>. The journal is the truth; every call that changes something adds to it and answers with it. What a day brings
/// is done by itself, and made up when the process was away. <c>who</c> is the holder of the API key.
/// </remarks>
[Alias("contract")]
public interface IContractGrain : IGrainWithStringKey
{
    /// <summary>Makes the contract: the plan as it is sold now is kept with it, and is applied to the tenant.</summary>
    /// <exception cref="InvalidRequestException">No such plan, a deviation without its written agreement, a required service that the customer does not have, or a store outside the agreed countries.</exception>
    /// <exception cref="NotPossibleNowException">There is a contract already.</exception>
    [ResponseTimeout("00:10:00"), Alias("make")]
    Task<ContractRecord> Make(ContractOrder order, string who, CancellationToken cancellation);

    /// <exception cref="NotFoundException">There is no contract.</exception>
    [AlwaysInterleave, Alias("get")]
    Task<ContractRecord> Get(CancellationToken cancellation);

    /// <summary>Which plan held when, and suspensions. Null: there is no contract.</summary>
    [AlwaysInterleave, Alias("get-timeline")]
    Task<ContractTimeline?> GetTimeline(CancellationToken cancellation);

    /// <summary>Keeps how the processing agreement stands.</summary>
    [Alias("keep-processing-agreement")]
    Task<ContractRecord> KeepProcessingAgreement(DateOnly? signedOn, string? reference, string who, CancellationToken cancellation);

    /// <summary>New conditions apply from a day on; the customer is told.</summary>
    [Alias("publish-terms")]
    Task<ContractRecord> PublishTerms(string version, DateOnly from, string document, string who, CancellationToken cancellation);

    /// <summary>The customer gives notice. Nothing is deleted for that.</summary>
    /// <param name="on">When it came in; null: today.</param>
    /// <param name="by">The contact who gave it: one who may end the contract.</param>
    [Alias("receive-notice")]
    Task<ContractRecord> ReceiveNotice(DateOnly? on, string by, string reference, string who, CancellationToken cancellation);

    /// <summary>Processes the notice, and tells the customer when that was and when the contract ends.</summary>
    [Alias("process-notice")]
    Task<ContractRecord> ProcessNotice(string who, CancellationToken cancellation);

    /// <summary>The customer takes it back; terms and renewal are as if it had never been given.</summary>
    [Alias("withdraw-notice")]
    Task<ContractRecord> WithdrawNotice(string by, string reference, string who, CancellationToken cancellation);

    /// <summary>Another day of destruction is agreed.</summary>
    [Alias("agree-deletion")]
    Task<ContractRecord> AgreeDeletion(DateOnly on, string reference, string who, CancellationToken cancellation);

    /// <summary>The customer has his data, or does not want it.</summary>
    [Alias("confirm-export")]
    Task<ContractRecord> ConfirmExport(string by, string reference, string who, CancellationToken cancellation);

    /// <param name="on">When it came in; null: today.</param>
    [Alias("request-change")]
    Task<ContractRecord> RequestChange(ChangeKind change, string what, DateOnly? on, string by, string who, CancellationToken cancellation);

    /// <param name="effective">From when it holds; null: it is refused.</param>
    /// <param name="minutes">Time that a person spent on it: it goes into the tenant's work orders, and the plan says who pays; null: none.</param>
    [Alias("close-change")]
    Task<ContractRecord> CloseChange(int number, DateOnly? effective, string outcome, int? minutes, string who, CancellationToken cancellation);

    /// <summary>Warns the customer that the service will be suspended.</summary>
    [Alias("warn-of-suspension")]
    Task<ContractRecord> WarnOfSuspension(string why, string who, CancellationToken cancellation);

    [Alias("call-off-suspension")]
    Task<ContractRecord> CallOffSuspension(string why, string who, CancellationToken cancellation);

    /// <param name="frozenUntil">Null: points expire from now on.</param>
    [Alias("decide-freeze")]
    Task<ContractRecord> DecideFreeze(DateOnly? frozenUntil, string why, string who, CancellationToken cancellation);

    /// <summary>Backups are made again; what is overdue catches up through the same gate as ever.</summary>
    [Alias("lift-suspension")]
    Task<ContractRecord> LiftSuspension(string why, string who, CancellationToken cancellation);

    /// <summary>Computes which points would become unrecoverable on which day. Does nothing and tells nobody.</summary>
    [AlwaysInterleave, ResponseTimeout("00:10:00"), Alias("foresee")]
    Task<ConsequenceReport> Foresee(ActOrder order, CancellationToken cancellation);

    /// <summary>The same, and the customer's contacts are told; the list is kept. If nothing becomes unrecoverable it is done at once; otherwise when a second person confirms.</summary>
    /// <exception cref="NotPossibleNowException">The customer has nobody who is told such things.</exception>
    [ResponseTimeout("00:10:00"), Alias("propose")]
    Task<ContractRecord> Propose(ActOrder order, string who, CancellationToken cancellation);

    /// <summary>A second person has looked at the list: it is done.</summary>
    /// <exception cref="NotPossibleNowException">It is the same person, or more would go by now than was shown.</exception>
    [ResponseTimeout("00:10:00"), Alias("confirm")]
    Task<ContractRecord> Confirm(int act, string who, CancellationToken cancellation);

    [Alias("drop")]
    Task<ContractRecord> Drop(int act, string why, string who, CancellationToken cancellation);

    /// <summary>The list that was shown when an act was proposed, as CSV.</summary>
    [AlwaysInterleave, Alias("read-consequences")]
    Task<string> ReadConsequences(int act, CancellationToken cancellation);

    /// <summary>After the loss of the database: takes the contract over from the ledger, with the lists that its acts were shown by. A book that knows one keeps it. Safe to repeat.</summary>
    /// <param name="onCard">What the card of an earlier release says; null: nothing.</param>
    /// <returns>What could not be read.</returns>
    [ResponseTimeout("00:05:00"), Alias("recover-from-ledger")]
    Task<ImmutableArray<string>> Recover(KeptContract? onCard, CancellationToken cancellation);

    /// <summary>Enters in the ledger what happened before it was there, also to contracts that ended. Safe to repeat.</summary>
    [ResponseTimeout("00:10:00"), Alias("enter-ledger")]
    Task EnterLedger(CancellationToken cancellation);

    /// <summary>Contracts that ended with the destruction of the backups and are still kept.</summary>
    [AlwaysInterleave, Alias("list-ended")]
    Task<EndedContracts> ListEnded(CancellationToken cancellation);

    /// <summary>Forgets a contract that ended and whose legal term is over, with the lists that its acts were shown by. Safe to repeat.</summary>
    /// <param name="contract">Its place, as <see cref="ListEnded"/> gives it.</param>
    /// <exception cref="NotPossibleNowException">It has not ended.</exception>
    [ResponseTimeout("00:05:00"), Alias("forget-ended")]
    Task ForgetEnded(int contract, CancellationToken cancellation);

    /// <summary>Does what is due today and was not done. Safe to repeat; a reminder does it each hour.</summary>
    [ResponseTimeout("00:10:00"), Alias("attend")]
    Task Attend(CancellationToken cancellation);
}

/// <summary>A contract as its journal tells it; <see cref="ContractJournal"/> reads the lines.</summary>
/// <param name="Today">The contract's present day.</param>
/// <param name="Problems">What waits for a person at the provider, in whole sentences.</param>
[GenerateSerializer, Immutable, Alias("contract-record")]
public sealed record ContractRecord([property: Id(0)] ImmutableArray<string> Journal, [property: Id(1)] DateOnly Today, [property: Id(2)] ImmutableArray<string> Problems)
{
    /// <summary>The same in both languages.</summary>
    [Id(3)] public ImmutableArray<BothLanguages> Waiting { get; init; } = [];
}

/// <param name="IsUnderContract">There is one that has not ended.</param>
[GenerateSerializer, Immutable, Alias("ended-contracts")]
public sealed record EndedContracts([property: Id(0)] ImmutableArray<EndedContract> Contracts, [property: Id(1)] bool IsUnderContract);

/// <summary>A contract that ended with the destruction of the backups.</summary>
/// <param name="Number">Its place in the row of the tenant's contracts, from 0.</param>
/// <param name="On">The day of the destruction.</param>
/// <param name="Sha256">Of its journal's lines, each with a line feed behind it.</param>
[GenerateSerializer, Immutable, Alias("ended-contract")]
public sealed record EndedContract([property: Id(0)] int Number, [property: Id(1)] DateOnly On, [property: Id(2)] string Sha256);

/// <summary>A contract as an earlier release wrote it on the tenant's card.</summary>
/// <param name="Journal">Empty: there is none now.</param>
/// <param name="Former">Journals of contracts that ended with the destruction of the backups.</param>
[GenerateSerializer, Immutable, Alias("kept-contract")]
public sealed record KeptContract([property: Id(0)] ImmutableArray<string> Journal, [property: Id(1)] ImmutableArray<ImmutableArray<string>> Former);

/// <summary>What an act would make unrecoverable.</summary>
/// <param name="Csv">One line for each point and for each resource that gets no new ones.</param>
[GenerateSerializer, Immutable, Alias("consequence-report")]
public sealed record ConsequenceReport(
    [property: Id(0)] int Resources, [property: Id(1)] long Points, [property: Id(2)] DateOnly? FirstLoss, [property: Id(3)] DateOnly? LastLoss, [property: Id(4)] int Stopped,
    [property: Id(5)] string Hash, [property: Id(6)] string Csv);
