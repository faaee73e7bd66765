using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orleans;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Contracts;
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
            if (!contracts.IsEmpty)
                await _keeper.ChangeAsync(state => state with { Former = contracts[..^1], Journal = contracts[^1], Entered = entered.Length == contracts.Length ? Math.Min(entered[^1].Length, contracts[^1].Length) : 0 });
            await RecoverEvidenceAsync(contracts, problems, cancellation);
        }
        if (Known is { Destroyed: null })
            await this.RegisterOrUpdateReminder(Day, DayTick, DayTick); // what the days in between brought is made up by its first tick
        return [.. problems];
    }

    /// <summary>The lines of each contract, the present one last; up to the first line that is missing, which is told.</summary>
    private async Task<ImmutableArray<ImmutableArray<string>>> EnteredAsync(List<string> problems, CancellationToken cancellation)
    {
        var contracts = new List<ImmutableArray<string>>();
        var names = (await ledgers.ListAsync(LedgerNames.Contracts(Tenant), cancellation)).ToHashSet();
        for (var left = names.Count; left > 0 && contracts.Count <= names.Count;)
        {
            var lines = ImmutableArray.CreateBuilder<string>();
            while (names.Contains(LedgerNames.ContractLine(Tenant, contracts.Count, lines.Count + 1))
                && await ledgers.ReadOrTellAsync<string>(LedgerNames.ContractLine(Tenant, contracts.Count, lines.Count + 1), problems, cancellation) is { } line)
                lines.Add(line);
            left -= lines.Count;
            contracts.Add(lines.ToImmutable());
            if (lines.Count == 0)
                problems.Add($"The journal of contract {contracts.Count} of {Tenant} has gaps in the ledger: {left} lines behind a gap are not taken over.");
            if (lines.Count == 0)
                break;
        }
        return [.. contracts.Where(lines => !lines.IsEmpty)];
    }

    private async Task RecoverEvidenceAsync(ImmutableArray<ImmutableArray<string>> contracts, List<string> problems, CancellationToken cancellation)
    {
        for (var contract = 0; contract < contracts.Length; contract++)
            foreach (var act in contracts[contract].Select(line => ContractJournal.Read(line).Event).OfType<ActProposed>())
                if (await ledgers.ReadOrTellAsync<string>(LedgerNames.Consequences(Tenant, act.ListHash), problems, cancellation) is { } shown)
                    await Evidence(contract, act.Number).Keep(shown, cancellation);
    }

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
