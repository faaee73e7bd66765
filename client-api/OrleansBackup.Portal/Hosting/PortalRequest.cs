using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Portal.Texts;

namespace OrleansBackup.Portal.Hosting;

/// <summary>Who reads a page, and how: the language, the colours, the address, the moment. One for each request; every component has it as <c>Portal</c>.</summary>
public sealed class PortalRequest(IHttpContextAccessor accessor, IAntiforgery antiforgery, TimeProvider time)
{
    private readonly HttpContext _context = accessor.HttpContext ?? throw new InvalidOperationException("A page of the portal is read by a request.");

    public Language Language => field == 0 ? field = Languages.Of(_context.Request) : field;

    public TextCatalogue Texts => TextCatalogue.Of(Language);

    public Wording Write => field ??= new Wording(Language);

    public ColourScheme Colours => ColourSchemes.Parse(_context.Request.Cookies[ColourSchemes.Cookie]);

    /// <exception cref="OrleansBackup.ClientApi.Problems.ProblemException">Nobody is signed in.</exception>
    public Caller Caller => _context.Caller();

    public bool IsSignedIn => _context.CallerOrNull() is not null;

    /// <summary>Whether a page may offer this act at all. The endpoint of the act refuses it as well; this only spares the reader a link that leads nowhere.</summary>
    public bool May(Permission permission) => _context.CallerOrNull()?.May(permission) ?? false;

    public bool May(Permission permission, TenantId tenant) => _context.CallerOrNull()?.May(permission, tenant) ?? false;

    public string Path => _context.Request.Path.Value ?? "/";

    /// <summary>The address of this page, to come back to.</summary>
    public string Address => HttpMethods.IsGet(_context.Request.Method) ? $"{Path}{_context.Request.QueryString}" : "/";

    public DateTimeOffset Now { get; } = time.GetUtcNow();

    public DateOnly Today => Wording.DayOf(Now);

    /// <summary>What proves that a form came from a page of ours: the name and value of its hidden field.</summary>
    public (string Field, string Token) FormProof()
    {
        var tokens = antiforgery.GetAndStoreTokens(_context);
        return (tokens.FormFieldName, tokens.RequestToken!);
    }
}
