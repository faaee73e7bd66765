using OrleansBackup.Silo.Tests.Deploy;

namespace OrleansBackup.Silo.Tests.Telemetry;

/// <summary>A fact that needs the checker that comes with Prometheus.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PromtoolFactAttribute : FactAttribute
{
    public PromtoolFactAttribute() => Skip = Tools.Promtool.WhyNot;
}
