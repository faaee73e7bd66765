using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.ClientApi.Operations;
using OrleansBackup.ClientApi.Tests.Clock;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.Silo.Clock;

namespace OrleansBackup.ClientApi.Tests.Operations;

public sealed class ClockEndpointsTests : ApiHost
{
    private readonly AdjustableClock _clock = new(new ManualClock(Sample.Noon), TimeSpan.Zero);

    protected override void Register(IServiceCollection services) => services.AddSingleton<IAdjustableClock>(_clock);

    [Fact]
    public async Task The_clock_is_put_forward_by_a_span_and_to_a_time()
    {
        Assert.Equal(Sample.Noon, (await GetAsync("/operations/clock")).At("now").GetDateTimeOffset());
        var later = await SendAsync(HttpMethod.Post, "/operations/clock", """{"advance":"1.02:00:00"}""", HttpStatusCode.OK);
        Assert.Equal(Sample.Noon.AddHours(26), later.At("now").GetDateTimeOffset());
        await SendAsync(HttpMethod.Post, "/operations/clock", """{"set":"2026-04-01T00:00:00Z"}""", HttpStatusCode.OK);
        Assert.Equal(new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero), _clock.GetUtcNow());
    }

    [Theory]
    [InlineData("{}", "advance")]
    [InlineData("""{"advance":"01:00:00","set":"2026-04-01T00:00:00Z"}""", "advance")]
    [InlineData("""{"advance":"-01:00:00"}""", "advance")]
    [InlineData("""{"set":"2026-03-14T11:59:59Z"}""", "set")]
    [InlineData("""{"set":"9999-03-14T11:59:59Z"}""", "set")]
    public async Task A_shift_that_makes_no_sense_is_refused(string body, string field)
    {
        await RefusedAsync(HttpMethod.Post, "/operations/clock", body, HttpStatusCode.BadRequest, "invalid-request", field);
        Assert.Equal(Sample.Noon, _clock.GetUtcNow());
    }
}
