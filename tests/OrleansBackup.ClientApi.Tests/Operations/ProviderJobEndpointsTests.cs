using System.Net;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Tests.Operations;

public sealed class ProviderJobEndpointsTests : ApiHost
{
    private static readonly ProviderJobStatus Job = new(new PersonsDecision("first-key", "Yearly", Sample.Noon), 2, [Sample.Tenant], ["Tenant x: its key is another."], null, null);

    [Theory]
    [InlineData("/operations/key-rotations")]
    [InlineData("/operations/recoveries")]
    public async Task Work_over_all_tenants_is_begun_with_a_reason_and_watched(string path)
    {
        Service.Provider.StartKeyRotation(Arg.Is<string>(who => who.Length > 0), "Yearly", Arg.Any<CancellationToken>()).Returns(Job);
        Service.Provider.StartRecovery(Arg.Is<string>(who => who.Length > 0), "Yearly", Arg.Any<CancellationToken>()).Returns(Job);
        Service.Provider.GetKeyRotation(Arg.Any<CancellationToken>()).Returns(Job);
        Service.Provider.GetRecovery(Arg.Any<CancellationToken>()).Returns(Job);
        var begun = await SendAsync(HttpMethod.Post, path, """{"why":"Yearly"}""", HttpStatusCode.Accepted);
        Assert.Equal("asked tenants done problems endedAt result", begun.Names());
        Assert.Equal(Sample.Tenant.ToString(), (await GetAsync(path)).First("done").GetString());
        await RefusedAsync(HttpMethod.Post, path, "{}", HttpStatusCode.BadRequest, "invalid-request", "why");
    }

    [Fact]
    public async Task Without_a_rotation_there_is_nothing_to_watch()
    {
        Service.Provider.GetKeyRotation(Arg.Any<CancellationToken>()).ThrowsAsync(new NotFoundException("No rotation was ever asked for."));
        await RefusedAsync(HttpMethod.Get, "/operations/key-rotations", null, HttpStatusCode.NotFound, "not-found");
    }
}
