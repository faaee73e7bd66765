using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orleans;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Keeping;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.Grains.Keeping;
using OrleansBackup.Grains.Ledger;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Contracts;

/// <summary>The journal stands line by line in the provider's ledger, so that neither a lost database nor the destruction of the backups takes what was agreed.</summary>
internal sealed partial class ContractGrain
{
    public async Task<ImmutableArray<string>> Recover(KeptContract? onCard, CancellationToken cancellation)
    {
        var problems = new List<string>();
        if (_keeper.State.Journal.IsEmpty && _keeper.State.Former.IsEmpty)
        {
            var entered = await EnteredAsync(problems, cancellation);
            var card = onCard is null ? [] : onCard.Former.Add(onCard.Journal);
            // A card of an earlier release may know what was agreed before the ledger was there.
            var contracts = card.Sum(lines => lines.Length) > entered.Sum(lines => lines.Length) ? card : entered;
            if (!contracts.IsEmpty && contracts[^1].IsEmpty)
                await _keeper.ChangeAsync(state => state with { Former = contracts }); // a gap at its beginning: its place is taken all the same
            else if (!contracts.IsEmpty)
                await _keeper.ChangeAsync(state => state with { Former = contracts[..^1], Journal = contracts[^1], Entered = entered.Length == contracts.Length ? Math.Min(entered[^1].Length, contracts[^1].Length) : 0 });
            await RecoverEvidenceAsync(contracts, problems, cancellation);
        }
        if (Known is { Destroyed: null })
            await this.RegisterOrUpdateReminder(Day, DayTick, DayTick); // what the days in between brought is made up by its first tick
        return [.. problems];
    }

    /// <summary>The lines of each contract, the present one last; up to the first line that is missing, which is told. One that was deleted after its term has none.</summary>
    private async Task<ImmutableArray<ImmutableArray<string>>> EnteredAsync(List<string> problems, CancellationToken cancellation)
    {
        var contracts = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        var names = (await ledgers.ListAsync(LedgerNames.Contracts(Tenant), cancellation)).ToHashSet();
        if (names.Count == 0)
            return [];
        var deleted = await ledgers.DeletedAsync(KeptKind.Contract, problems, cancellation);
        var newest = names.Max(name => int.Parse(name.Value.Split('/')[2], CultureInfo.InvariantCulture));
        for (var contract = 0; contract <= newest; contract++)
        {
            var lines = ImmutableArray.CreateBuilder<string>();
            while (names.Contains(LedgerNames.ContractLine(Tenant, contract, lines.Count + 1))
                && await ledgers.ReadOrTellAsync<string>(LedgerNames.ContractLine(Tenant, contract, lines.Count + 1), problems, cancellation) is { } line)
                lines.Add(line);
            var left = names.Count(name => name.Value.StartsWith(LedgerNames.ContractLines(Tenant, contract), StringComparison.Ordinal)) - lines.Count;
            if (left > 0)
                problems.Add($"The journal of contract {contract + 1} of {Tenant} has gaps in the ledger: {left} lines behind a gap are not taken over.");
            else if (lines.Count == 0 && !deleted.Contains($"{Tenant}/{contract}"))
                problems.Add($"The journal of contract {contract + 1} of {Tenant} is not in the ledger, and there are later ones.");
            contracts.Add(lines.ToImmutable());
        }
        return contracts.ToImmutable();
    }

    private async Task RecoverEvidenceAsync(ImmutableArray<ImmutableArray<string>> contracts, List<string> problems, CancellationToken cancellation)
    {
        for (var contract = 0; contract < contracts.Length; contract++)
            foreach (var act in contracts[contract].Select(line => ContractJournal.Read(line).Event).OfType<ActProposed>())
                if (await ledgers.ReadOrTellAsync<string>(LedgerNames.Consequences(Tenant, act.ListHash), problems, cancellation) is { } shown)
                    await Evidence(contract, act.Number).Keep(shown, cancellation);
    }

    public async Task EnterLedger(CancellationToken cancellation)
    {
        for (var contract = 0; contract < _keeper.State.Former.Length; contract++)
            await EnterAsync(contract, _keeper.State.Former[contract], cancellation);
        await EnterAsync(_keeper.State.Former.Length, _keeper.State.Journal, cancellation);
        await KeepAsync(cancellation, mustSucceed: true);
    }

    private async Task EnterAsync(int contract, ImmutableArray<string> journal, CancellationToken cancellation)
    {
        for (var line = 0; line < journal.Length; line++)
            await ledgers.EnterAsync(LedgerNames.ContractLine(Tenant, contract, line + 1), journal[line], cancellation);
        foreach (var act in ActsOf(journal))
            if (await FindShownAsync(contract, act.Number, cancellation) is { } shown)
                await ledgers.EnterAsync(LedgerNames.Consequences(Tenant, act.ListHash), shown, cancellation);
    }

    public Task<EndedContracts> ListEnded(CancellationToken cancellation)
    {
        var state = _keeper.State;
        var ended = state.Former.Select((journal, number) => (journal, number)).Where(one => !one.journal.IsEmpty).ToList();
        if (Known is { Destroyed: not null })
            ended.Add((state.Journal, state.Former.Length));
        return Task.FromResult(new EndedContracts([.. ended.Select(one => new EndedContract(one.number, EndOf(one.journal), HashOf(one.journal)))], Known is { Destroyed: null }));

        DateOnly EndOf(ImmutableArray<string> journal)
        {
            var entries = journal.Select(ContractJournal.Read).ToList();
            return entries.Select(entry => entry.Event).OfType<Destroyed>().LastOrDefault()?.On ?? calendar.DayOf(entries[^1].At);
        }
    }

    public async Task ForgetEnded(int contract, CancellationToken cancellation)
    {
        var state = _keeper.State;
        var isLast = contract == state.Former.Length;
        if (isLast && Known is { Destroyed: null })
            throw new NotPossibleNowException("This contract has not ended.");
        var journal = isLast ? state.Journal : contract < state.Former.Length ? state.Former[contract] : [];
        // Two acts may have been shown the same list; it stays while another contract names it.
        var kept = state.Former.Where((_, number) => number != contract).Append(isLast ? [] : state.Journal).SelectMany(ActsOf).Select(act => act.ListHash).ToHashSet(StringComparer.Ordinal);
        foreach (var act in ActsOf(journal))
        {
            if (!kept.Contains(act.ListHash))
                await ledgers.DeleteAsync(LedgerNames.Consequences(Tenant, act.ListHash), cancellation);
            await Evidence(contract, act.Number).Forget(cancellation);
        }
        foreach (var line in await ledgers.ListAsync(LedgerNames.ContractLines(Tenant, contract), cancellation))
            await ledgers.DeleteAsync(line, cancellation);
        if (!journal.IsEmpty)
            await _keeper.ChangeAsync(before => isLast ? before with { Former = before.Former.Add([]), Journal = [], Entered = 0 } : before with { Former = before.Former.SetItem(contract, []) });
    }

    private async Task<string?> FindShownAsync(int contract, int act, CancellationToken cancellation)
    {
        try
        {
            return await Evidence(contract, act).Read(cancellation);
        }
        catch (NotFoundException)
        {
            return null; // it made nothing unrecoverable
        }
    }

    private static IEnumerable<ActProposed> ActsOf(ImmutableArray<string> journal) => journal.Select(line => ContractJournal.Read(line).Event).OfType<ActProposed>();

    private static string HashOf(ImmutableArray<string> journal) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(journal.Select(line => line + "\n")))));

    /// <summary>Enters what is in the journal and not in the ledger yet. The act holds; where the store cannot be reached it is tried again each hour, and the contract says so.</summary>
    private async Task KeepAsync(CancellationToken cancellation, bool mustSucceed = false)
    {
        try
        {
            var (contract, entered) = (_keeper.State.Former.Length, _keeper.State.Entered);
            if (entered >= _keeper.State.Journal.Length)
                return;
            for (; entered < _keeper.State.Journal.Length; entered++)
                await ledgers.EnterAsync(LedgerNames.ContractLine(Tenant, contract, entered + 1), _keeper.State.Journal[entered], cancellation);
            await _keeper.ChangeAsync(state => state with { Entered = Math.Max(state.Entered, entered) });
        }
        catch (Exception exception) when (!mustSucceed && exception is VaultUnavailableException or DocumentTakenException)
        {
            LogNotEntered(log, Tenant, exception);
        }
    }

    [LoggerMessage(2845, LogLevel.Error, "What happened to the contract of tenant {Tenant} could not be written beside the backups; tried again in an hour")]
    private static partial void LogNotEntered(ILogger log, TenantId tenant, Exception exception);
}
