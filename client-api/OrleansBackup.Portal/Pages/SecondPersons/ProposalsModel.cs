using System.Collections.Immutable;
using OrleansBackup.ClientApi.Contracts;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Portal.Pages.Consequences;

namespace OrleansBackup.Portal.Pages.SecondPersons;

/// <summary>What one person has asked for and a second has to look at.</summary>
/// <param name="OfContract">Open proposals of the contract, which are confirmed on its own page.</param>
/// <param name="Input">Of the form that was refused; empty: none was.</param>
/// <param name="At">The proposal that the form was about.</param>
/// <param name="Done">What an act came to, as the key of a text.</param>
public sealed record ProposalsModel(TenantId Tenant, string TenantName, ImmutableArray<WaitingAct> Waiting, ImmutableArray<ActBody> OfContract, FormInput Input, Guid? At, string? Refused, string? Done);

/// <summary>An act that waits for a second person.</summary>
/// <param name="Act">As the audit book calls it.</param>
/// <param name="About">What it is done to, as people call it.</param>
/// <param name="Details">What else was asked: names of fields and what was written in them.</param>
/// <param name="Words">What the second person has to write himself; null: that he agrees is enough.</param>
/// <param name="Losses">What becomes unrecoverable; null: everything that the act names, and there is no list of it.</param>
/// <param name="IsOwn">The reader proposed it himself.</param>
public sealed record WaitingAct(
    Guid Id, string Act, string About, string Why, ImmutableArray<(string Name, string Value)> Details, string? Words, Losses? Losses, string By, DateTimeOffset At, DateTimeOffset LapsesAt, bool IsOwn);
