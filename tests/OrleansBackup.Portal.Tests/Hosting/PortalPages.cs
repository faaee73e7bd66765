namespace OrleansBackup.Portal.Tests.Hosting;

/// <summary>The address of every page, as the sample estate has it. Tests walk over all of them; a page that is not here is found by <c>Every_page_is_walked</c>.</summary>
internal static class PortalPages
{
    public static readonly string Tenant = $"/tenants/{Estate.Id(3)}";

    /// <summary>The route of each page and an address of it.</summary>
    public static readonly (string Route, string Address)[] All =
    [
        ("/", "/"),
    ];
}
