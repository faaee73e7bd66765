using System.Collections.Immutable;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Reports;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Checks;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Grains.Tenants;

/// <summary>What a part answers checks and reports: from what its resources told, without asking one of them.</summary>
internal sealed partial class TenantPartGrain
{
    public Task<PartFindings> Check(CheckSpan span, SeverityRules rules, CancellationToken cancellation)
    {
        var (findings, lacking, window) = (ImmutableArray.CreateBuilder<CheckFinding>(), new SortedSet<string>(StringComparer.Ordinal), State.Order.Settings.Window);
        var guarded = State.Resources.Where(entry => entry.Value.Protected).ToList();
        foreach (var (name, resource) in guarded)
        {
            var health = _health.Of(name);
            var latest = health?.LastOutcome == RunOutcome.Failed ? FaultCatalogue.KindOf(health.Fault, health.Cause) : FaultKind.None;
            var known = new CheckedResource(resource.Resource, resource.DisplayName, resource.Address, resource.Since, health?.LastGoodStart, health?.Missed ?? [], latest, health?.Problem, health?.Running == true);
            if (CheckFinding.Of(known, schedule, window, span, rules) is { } finding)
                findings.Add(finding);
            lacking.UnionWith((health?.Lacks ?? []).Select(part => part.Part));
        }
        return Task.FromResult(new PartFindings(findings.ToImmutable(), [.. guarded.Select(entry => entry.Value.Resource.Kind).Distinct().Order()], [.. lacking]));
    }

    public Task<ImmutableArray<ResourceSpans>> ListSpans(CancellationToken cancellation) =>
        Task.FromResult<ImmutableArray<ResourceSpans>>([.. State.Spans.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new ResourceSpans(entry.Key, entry.Value))]);

    /// <summary>Writes down which times of protection ended with a change, whatever changed it.</summary>
    private TenantPartState WithSpans(TenantPartState before, TenantPartState after)
    {
        var oldest = Now - ProtectionSpan.Kept;
        var spans = after.Spans.ToBuilder();
        foreach (var (name, was) in before.Resources)
            if (was.Protected && after.Resources.GetValueOrDefault(name) is { Protected: false } now)
                spans[name] = [.. (spans.GetValueOrDefault(name, [])).Where(span => span.Until > oldest), new(was.Since, now.Since)];
        foreach (var gone in spans.Keys.Where(name => !after.Resources.ContainsKey(name)).ToList())
            spans.Remove(gone);
        return after with { Spans = spans.ToImmutable() };
    }
}
