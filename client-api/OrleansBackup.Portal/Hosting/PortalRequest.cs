using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
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

    /// <summary>The name of who is signed in; empty: nobody.</summary>
    public string Name => _context.User.Identity is { IsAuthenticated: true, Name: { } name } ? name : "";

    public bool IsSignedIn => _context.User.Identity?.IsAuthenticated ?? false;

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
