using OrleansBackup.Domain.Storage;

namespace OrleansBackup.Domain.Tests.Storage;

/// <summary>Which store may hold the backups of a tenant whose contract names a country.</summary>
public sealed class StorageDemandTests
{
    [Theory]
    [InlineData("NL", "NL")]
    [InlineData("nl", "NL")]
    [InlineData("westeurope", "NL")]
    [InlineData("West Europe", "NL")]
    [InlineData("nl-ams", "NL")]
    [InlineData("northeurope", "IE")]
    [InlineData("eu-central-1", "DE")]
    [InlineData("us-east-1", null)]
    [InlineData("eu", null)]
    [InlineData("eu-somewhere-9", null)]
    [InlineData("moon", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_region_lies_in_a_country_only_if_that_is_known(string? region, string? country) => Assert.Equal(country, StorageRegion.CountryOf(region));

    [Theory]
    [InlineData("NL", null)]
    [InlineData("westeurope", null)]
    [InlineData("NL", "nl-ams")]
    [InlineData(null, "westeurope")]
    public void A_store_in_the_Netherlands_may_hold_what_must_stay_there(string? configured, string? reported) =>
        Assert.Null(StorageDemand.Netherlands.Refusal("main", configured, reported));

    [Theory]
    [InlineData("northeurope", null, "lies in IE")]
    [InlineData(null, null, "not known in which country")]
    [InlineData("moon", null, "not known in which country")]
    [InlineData("NL", "eu-central-1", "reports 'eu-central-1' (DE)")] // what the store says weighs more than what somebody typed
    [InlineData("NL", "us-east-1", "reports the region 'us-east-1'")]
    public void Any_other_store_is_refused_with_the_reason(string? configured, string? reported, string reason) =>
        Assert.Contains(reason, StorageDemand.Netherlands.Refusal("main", configured, reported), StringComparison.Ordinal);

    [Fact]
    public void A_tenant_without_a_demand_may_lie_anywhere() => Assert.Null(StorageDemand.Anywhere.Refusal("main", null, "us-east-1"));

    [Fact]
    public void A_written_override_names_another_country() => Assert.Null(new StorageDemand(["NL", "DE"]).Refusal("main", "eu-central-1", "eu-central-1"));

    [Theory]
    [InlineData("Netherlands")]
    [InlineData("EU")]
    [InlineData("")]
    public void A_demand_names_countries_by_two_letters(string country) => Assert.NotNull(new StorageDemand([country]).Problem());
}
