using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OrleansBackup.ClientApi.Operations;
using OrleansBackup.ClientApi.Tests.Hosting;

namespace OrleansBackup.ClientApi.Tests.Operations;

/// <summary>A process is ready while everything holds that its host knows of, and what is passing is told as passing.</summary>
public sealed class ReadinessTests : ApiHost
{
    private readonly IReadinessCondition _condition = Substitute.For<IReadinessCondition>();

    protected override void Register(IServiceCollection services) => services.AddSingleton(_condition);

    [Fact]
    public async Task A_server_is_ready_while_what_its_host_asks_for_holds()
    {
        _condition.HoldsAsync(Arg.Any<CancellationToken>()).Returns(true);
        Assert.Equal(HttpStatusCode.OK, (await Anonymous.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode);

        _condition.HoldsAsync(Arg.Any<CancellationToken>()).Returns(false);
        await RefusedAsync(HttpMethod.Get, "/health/ready", null, HttpStatusCode.ServiceUnavailable, "not-ready");
        Assert.Equal(HttpStatusCode.OK, (await Anonymous.GetAsync(new Uri("/health/live", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task What_cannot_be_asked_does_not_hold()
    {
        _condition.HoldsAsync(Arg.Any<CancellationToken>()).ThrowsAsync(new InvalidOperationException("inner words"));

        await RefusedAsync(HttpMethod.Get, "/health/ready", null, HttpStatusCode.ServiceUnavailable, "not-ready");
    }

    [Fact]
    public async Task A_silo_that_is_gone_is_told_as_passing()
    {
        Service.Provider.ListTenants(Arg.Any<CancellationToken>()).ThrowsAsync(new Orleans.Runtime.SiloUnavailableException("10.0.0.1 is gone"));

        await RefusedAsync(HttpMethod.Get, "/api/v1/tenants", null, HttpStatusCode.ServiceUnavailable, "not-ready");
    }
}
