using Microscale.Guard.AspNetCore.Tests.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Microscale.Guard.Samples.Tests.WebChat;

/// <summary>The page in a real browser.</summary>
public class WebChatPageTests
{
    [Fact]
    public async Task Page_SupportedAnswer_IsColouredAndItsCitationOpensThePassage()
    {
        Assert.SkipWhen(Chromium.Missing is not null, Chromium.Missing ?? "");
        await using var chat = await RunningWebChat.StartAsync();
        await using var browser = await Chromium.StartAsync();
        List<string> errors = [];
        var page = await browser.OpenAsync(chat.Address, errors);

        await AskAsync(page, RunningWebChat.Known);

        await Expect(page.Locator(".answer.delivered .claim.supported")).ToHaveCountAsync(2);
        await Expect(page.GetByText("2 of 2 claims supported")).ToBeVisibleAsync();
        await Pictures.KeepAsync(page, "webchat-desktop-light");
        await page.GetByRole(AriaRole.Button, new() { Name = "Open passage 1: The tower" }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "The tower" });
        await Expect(dialog).ToContainTextAsync("It has 1,665 steps.");
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToBeHiddenAsync();
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Page_WithheldAnswer_LooksLikeAnAnswerAndShowsNothingOfTheDraft()
    {
        Assert.SkipWhen(Chromium.Missing is not null, Chromium.Missing ?? "");
        await using var chat = await RunningWebChat.StartAsync();
        await using var browser = await Chromium.StartAsync();
        List<string> errors = [];
        var page = await browser.OpenAsync(chat.Address, errors, width: 390, height: 844);

        await AskAsync(page, RunningWebChat.Invented);

        await Expect(page.Locator(".answer.abstained")).ToContainTextAsync("No verified answer");
        await Expect(page.Locator(".answer.abstained .note")).ToContainTextAsync("the passages say otherwise");
        await Expect(page.Locator("body")).Not.ToContainTextAsync("Gaudí");
        await Expect(page.GetByRole(AriaRole.Log, new() { Name = "Conversation" })).ToHaveAttributeAsync("aria-busy", "false");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than a phone");
        await Pictures.KeepAsync(page, "webchat-phone-light");
        Assert.Empty(errors);
    }

    private static async Task AskAsync(IPage page, string question)
    {
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Your question" }).FillAsync(question);
        await page.Keyboard.PressAsync("Enter");
    }
}
