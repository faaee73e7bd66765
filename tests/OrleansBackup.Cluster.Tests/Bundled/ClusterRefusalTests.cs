using Microsoft.Extensions.Configuration;
using OrleansBackup.Silo.Cluster;

namespace OrleansBackup.Cluster.Tests.Bundled;

public sealed class ClusterRefusalTests
{
    [Fact]
    public void The_build_for_one_machine_refuses_settings_of_a_cluster_in_one_line_that_names_them()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Cluster:ConnectionString", "Host=db;Password=geheim"), new("Cluster:SiloPort", "1")]).Build();

        var refused = new ClusterCheck(configuration).Validate(null, new ClusterSettings { ConnectionString = "Host=db" });

        var line = Assert.Single(refused.Failures!);
        Assert.Contains("ActorRuntime=Orleans", line, StringComparison.Ordinal);
        Assert.Contains("Cluster:ConnectionString, Cluster:SiloPort", line, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_such_settings_there_is_nothing_to_refuse() =>
        Assert.True(new ClusterCheck(new ConfigurationBuilder().Build()).Validate(null, new ClusterSettings()).Succeeded);
}
