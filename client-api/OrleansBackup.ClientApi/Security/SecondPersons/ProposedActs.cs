using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Orleans;
using OrleansBackup.ClientApi.Erasures;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Resources;
using OrleansBackup.ClientApi.Tenants;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Access;

namespace OrleansBackup.ClientApi.Security.SecondPersons;

/// <summary>From a proposal in the book back to the act that was proposed, for who confirms it where no request is at hand: on a page.</summary>
internal sealed class ProposedActs(IGrainFactory grains, TimeProvider time, IOptions<JsonOptions> json)
{
    /// <summary>What was asked, as its address takes it.</summary>
    public IDestructiveOrder OrderOf(ProposalOrder proposed) => proposed.Act switch
    {
        AuditActs.Destroy => Read<DestructionRequestBody>(proposed.Asked),
        AuditActs.Erase => Read<ErasureOrderBody>(proposed.Asked),
        AuditActs.ErasePerson => Read<PersonErasureBody>(proposed.Asked),
        AuditActs.LiftHold or AuditActs.ReleaseBrake or AuditActs.AcceptVault => Read<ReleaseOrderBody>(proposed.Asked),
        var act => throw new InvalidOperationException($"Nobody knows how to do '{act}' from the book of proposals."),
    };

    /// <summary>Does it, by the same code as its address. The proposal has been taken off the book before.</summary>
    public Task DoAsync(TenantId tenant, ProposalOrder proposed, IDestructiveOrder order, ClaimsPrincipal caller, CancellationToken cancellation)
    {
        var name = tenant.ToString();
        return (proposed.Act, order) switch
        {
            (AuditActs.Destroy, DestructionRequestBody body) => TenantPlaceEndpoints.StartDestruction(name, body, caller, grains, cancellation),
            (AuditActs.Erase, ErasureOrderBody body) => ErasureEndpoints.Erase(name, Part(proposed, "resources")!, body, caller, grains, time, cancellation),
            (AuditActs.ErasePerson, PersonErasureBody body) => ErasureSearchEndpoints.Erase(name, Part(proposed, "erasure-searches")!, body, caller, grains, time, cancellation),
            (AuditActs.LiftHold, ReleaseOrderBody body) when Part(proposed, "resources") is { } resource => ResourceEndpoints.LiftHold(name, resource, body, caller, grains, cancellation),
            (AuditActs.LiftHold, ReleaseOrderBody body) => TenantHoldEndpoints.Lift(name, body, grains, cancellation),
            (AuditActs.ReleaseBrake, ReleaseOrderBody body) => ResourceEndpoints.ReleaseBrake(name, Part(proposed, "resources")!, body, caller, grains, cancellation),
            (AuditActs.AcceptVault, ReleaseOrderBody body) => ResourceEndpoints.AcceptVault(name, Part(proposed, "resources")!, body, caller, grains, cancellation),
            _ => throw new InvalidOperationException($"Nobody knows how to do '{proposed.Act}' from the book of proposals."),
        };
    }

    /// <summary>What stands in a proposal's address after a part of it; null: it has no such part.</summary>
    public static string? Part(ProposalOrder proposed, string before)
    {
        var parts = proposed.Subject.Split('/');
        return Array.IndexOf(parts, before) is >= 0 and var at && at + 1 < parts.Length ? parts[at + 1] : null;
    }

    private T Read<T>(string asked)
        where T : class => JsonSerializer.Deserialize<T>(asked, json.Value.SerializerOptions) ?? throw new ProblemException(Problem.InvalidField("proposal", "The proposal says nothing that can be done."));
}
